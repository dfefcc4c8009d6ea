// CALL_ONCE, VAR_HANDLE, READ_VARIABLE, ASSIGN_VARIABLE: resource variables become states.
#include "import/tflite/op_import.h"

namespace mote::tflite_import {
namespace {

std::string variable_name(const tfl::VarHandleOptions& options) {
  std::string container = text_of(options.container()), name = text_of(options.shared_name());
  return container.empty() ? name : container + "/" + name;
}

// The assignments of an initializing subgraph; its values must be constants.
class Initializer {
 public:
  Initializer(OpImport& c, uint32_t subgraph)
      : c_(c),
        source_(c.importer().source()),
        importer_(source_, subgraph),
        subgraph_(*source_.model().subgraphs()->Get(subgraph)) {}

  void run() {
    uint32_t count = size_of(subgraph_.operators());
    if (!source_.visit(count)) return;
    for (uint32_t i = 0; i < count; ++i) {
      const tfl::Operator& op = *subgraph_.operators()->Get(i);
      int32_t code = builtin_code(source_.model(), op);
      if (code == kVarHandle) {
        bind(op);
      } else if (code == kAssignVariable) {
        assign(op);
      } else {
        c_.error("the initialization computes something (" + builtin_name(code) + ")",
                 "initialize variables with constants");
        return;
      }
    }
  }

 private:
  static constexpr int32_t kVarHandle = 142, kAssignVariable = 144;

  void bind(const tfl::Operator& op) {
    const auto* options = op.builtin_options_as_VarHandleOptions();
    if (options == nullptr || size_of(op.outputs()) != 1)
      return c_.error("a variable without a name in the initialization");
    importer_.bind_handle(op.outputs()->Get(0), variable_name(*options));
  }

  void assign(const tfl::Operator& op) {
    const std::string* name =
        size_of(op.inputs()) == 2 ? importer_.handle(op.inputs()->Get(0)) : nullptr;
    if (name == nullptr) return c_.error("an assignment to no variable in the initialization");
    ir::ValueId v = importer_.value(op.inputs()->Get(1), c_.where() + ", initialization");
    if (v == ir::kNone) return;
    source_.initial_values[*name] = importer_.graph().value(v);
  }

  OpImport& c_;
  Source& source_;
  GraphImporter importer_;
  const tfl::SubGraph& subgraph_;
};

const std::string* handle_of(OpImport& c) {
  const std::string* name = c.importer().handle(c.input_tensor(0));
  if (name == nullptr) c.error("its first operand is no variable", "export the model again");
  return name;
}

}  // namespace

void import_call_once(OpImport& c) {
  const auto* options = c.required_options<tfl::CallOnceOptions>();
  if (options == nullptr) return;
  int32_t index = options->init_subgraph_index();
  Source& source = c.importer().source();
  if (index < 0 || static_cast<uint32_t>(index) >= size_of(source.model().subgraphs()))
    return c.error("subgraph " + std::to_string(index) + " does not exist");
  if (source.initialized_by.insert(index).second)
    Initializer(c, static_cast<uint32_t>(index)).run();
}

void import_var_handle(OpImport& c) {
  const auto* options = c.required_options<tfl::VarHandleOptions>();
  if (options == nullptr) return;
  int32_t t = c.output_tensor(0);
  if (t < 0 || static_cast<uint32_t>(t) >= c.importer().tensor_count())
    return c.error("output 0 is missing");
  c.importer().bind_handle(t, variable_name(*options));
}

void import_read_variable(OpImport& c) {
  const std::string* name = handle_of(c);
  int32_t t = c.output_tensor(0);
  if (name == nullptr) return;
  if (t < 0 || static_cast<uint32_t>(t) >= c.importer().tensor_count() ||
      c.importer().is_defined(t))
    return c.error("output 0 is missing or written twice");
  auto like = c.importer().describe(static_cast<uint32_t>(t), c.where());
  if (!like) return;
  ir::ValueId v = c.importer().read_variable(*name, *like, c.where());
  if (v != ir::kNone) c.importer().define(t, v);
}

void import_assign_variable(OpImport& c) {
  const std::string* name = handle_of(c);
  if (name == nullptr) return;
  ir::ValueId v = c.input(1);
  if (v != ir::kNone) c.importer().assign_variable(*name, v, c.where());
}

}  // namespace mote::tflite_import
