#include "import/tflite/graph_importer.h"

#include <algorithm>

#include "base/interval.h"
#include "import/custom/custom_call.h"
#include "import/tflite/op_import.h"
#include "ir/evaluator.h"
#include "ir/op_view.h"

namespace mote::tflite_import {
namespace {

constexpr int32_t kCustom = 32;

std::map<uint32_t, std::string> port_names(
    Source& source, const flatbuffers::Vector<flatbuffers::Offset<tfl::TensorMap>>* ports) {
  std::map<uint32_t, std::string> names;
  if (!source.visit(size_of(ports))) return names;
  for (uint32_t i = 0; i < size_of(ports); ++i)
    names.emplace(ports->Get(i)->tensor_index(), text_of(ports->Get(i)->name()));
  return names;
}

}  // namespace

std::string builtin_name(int32_t code) {
  switch (code) {
#define MOTE_TFLITE_BUILTIN(number, name) \
  case number:                            \
    return #name;
#include "import/tflite/builtins.inc"
#undef MOTE_TFLITE_BUILTIN
    default:
      return "operator code " + std::to_string(code);
  }
}

int32_t builtin_code(const tfl::Model& model, const tfl::Operator& op) {
  if (op.opcode_index() >= size_of(model.operator_codes())) return -1;
  const tfl::OperatorCode* c = model.operator_codes()->Get(op.opcode_index());
  return std::max<int32_t>(c->deprecated_builtin_code(), c->builtin_code());
}

GraphImporter::GraphImporter(Source& source, uint32_t subgraph)
    : source_(source), number_(subgraph), subgraph_(*source.model().subgraphs()->Get(subgraph)) {
  if (source_.visit(size_of(subgraph_.tensors()))) slots_.resize(size_of(subgraph_.tensors()));
}

ir::Graph GraphImporter::run(const std::string& name, const tfl::SignatureDef* signature) {
  graph_.name = name;
  PortNames inputs, outputs;
  if (signature != nullptr) {
    inputs = port_names(source_, signature->inputs());
    outputs = port_names(source_, signature->outputs());
  }
  import_inputs(inputs);
  import_operators();
  import_outputs(outputs);
  write_states();
  return std::move(graph_);
}

ir::Graph GraphImporter::run_called(const std::string& name, const std::vector<ir::Value>& passed) {
  graph_.name = name;
  called_ = true;
  std::string where = "subgraph " + std::to_string(number_) + ", input";
  if (size_of(subgraph_.inputs()) != passed.size()) {
    source_.error(where, "the subgraph has " + std::to_string(size_of(subgraph_.inputs())) +
                             " inputs and is called with " + std::to_string(passed.size()));
    return {};
  }
  for (uint32_t i = 0; i < passed.size(); ++i) {
    int32_t index = subgraph_.inputs()->Get(i);
    if (!check_input(index, where)) return {};
    ir::Value v = passed[i];
    v.name = tensor_name(static_cast<uint32_t>(index));
    v.kind = TensorKind::activation;
    v.data = nullptr;
    graph_.inputs.push_back({v.name, graph_.add_value(v)});
    define(index, graph_.inputs.back().value);
  }
  import_operators();
  import_outputs({});
  return std::move(graph_);
}

void GraphImporter::import_inputs(const PortNames& names) {
  if (!source_.visit(size_of(subgraph_.inputs()))) return;
  for (uint32_t i = 0; i < size_of(subgraph_.inputs()); ++i)
    import_input(subgraph_.inputs()->Get(i), names);
}

bool GraphImporter::check_input(int32_t index, const std::string& where) {
  if (index >= 0 && static_cast<uint32_t>(index) < tensor_count() && !is_defined(index))
    return true;
  source_.error(where, "tensor index " + std::to_string(index) + " is invalid or named twice",
                "the file is damaged; export the model again");
  return false;
}

void GraphImporter::import_input(int32_t index, const PortNames& names) {
  std::string where = "subgraph " + std::to_string(number_) + ", input";
  if (!check_input(index, where)) return;
  auto t = static_cast<uint32_t>(index);
  std::optional<ir::Value> value = describe(t, where);
  auto name = names.find(t);
  std::string port = name == names.end() || name->second.empty() ? tensor_name(t) : name->second;
  if (!value || !choose_shape(t, port, &*value, where)) {
    slots_[t].unknown = true;
    return;
  }
  if (fix_input(t, port, *value, where)) return;
  ir::Value outer = *value;
  if (!is_shifted(index)) {
    ir::ValueId v = graph_.add_value(std::move(outer));
    graph_.inputs.push_back({port, v});
    return define(index, v);
  }
  outer.type = Type::uint8;
  for (int32_t& z : outer.quantization.zero_points) z += 128;
  value->name += "/int8";
  ir::ValueId o = graph_.add_value(std::move(outer)), v = graph_.add_value(std::move(*value));
  graph_.inputs.push_back({port, o});
  define(index, v);
  emit(op_code::requantize, {}, {o}, v, where + " '" + port + "'");
}

bool GraphImporter::choose_shape(uint32_t index, const std::string& port, ir::Value* value,
                                 const std::string& where) {
  const auto& shapes = source_.options().input_shapes;
  auto given = shapes.find(port);
  if (given == shapes.end()) given = shapes.find(tensor_name(index));
  if (given == shapes.end()) {
    if (has_static_shape(index)) return true;
    source_.error(where + " '" + port + "'", "the shape is dynamic",
                  "give its bounds, as in --shape " + port + "=1..8x224x224x3");
    return false;
  }
  source_.shaped_inputs.insert(given->first);
  auto rank = static_cast<int32_t>(size_of(tensor(index).shape()));
  const ShapeBounds& s = given->second;
  bool valid = s.rank == rank;
  for (int i = 0; valid && i < s.rank; ++i)
    valid = s.dims[i].min >= 1 && s.dims[i].max >= s.dims[i].min;
  if (!valid)
    source_.error(where + " '" + port + "'",
                  "the shape given is " + ir::shape_text(s) + "; the input has rank " +
                      std::to_string(rank) + " and sizes are at least 1",
                  "give one size or range per dimension");
  value->shape = s;
  return valid;
}

void GraphImporter::import_operators() {
  uint32_t count = size_of(subgraph_.operators());
  if (!source_.visit(count)) return;
  for (uint32_t i = 0; i < count; ++i) import_operator(i);
}

void GraphImporter::import_operator(uint32_t index) {
  const tfl::Operator& op = *subgraph_.operators()->Get(index);
  int32_t code = builtin_code(source_.model(), op);
  std::string name = builtin_name(code);
  std::string custom;
  if (code == kCustom) {
    custom = text_of(source_.model().operator_codes()->Get(op.opcode_index())->custom_code());
    name = "custom operator '" + custom + "'";
  }
  std::string where = "subgraph " + std::to_string(number_) + ", operator " +
                      std::to_string(index) + " (" + name + ")";
  if (!source_.visit(uint64_t{size_of(op.inputs())} + size_of(op.outputs()))) return;
  const Importer* importer = code == kCustom ? find_custom_importer(custom) : find_importer(code);
  const CustomImporter* registered =
      code == kCustom ? find_custom(source_.options(), CustomImporter::Format::tflite, custom)
                      : nullptr;
  bool known = true;
  for (uint32_t i = 0; i < size_of(op.inputs()); ++i) known &= !is_unknown(op.inputs()->Get(i));
  if (importer == nullptr && registered == nullptr && code == kCustom) {
    source_.unsupported_custom(custom, where);
  } else if (importer == nullptr && registered == nullptr) {
    source_.error(
        where, code < 0 ? "the operator's code is out of range" : name + " is not supported",
        code < 0 ? "the file is damaged" : "replace it in the source model by supported operators");
  } else if (known) {
    uint32_t errors = source_.errors();
    OpImport context(*this, op, where);
    if (registered != nullptr)
      import_registered(context, *registered);
    else
      importer->run(context);
    if (errors == source_.errors() && !context.failed()) context.finish_activation();
    if (errors == source_.errors() && !context.failed()) check_outputs(op, where);
  }
  abandon_outputs(op);
}

void GraphImporter::check_outputs(const tfl::Operator& op, const std::string& where) {
  for (uint32_t i = 0; i < size_of(op.outputs()); ++i) {
    int32_t t = op.outputs()->Get(i);
    bool valid = t >= 0 && static_cast<uint32_t>(t) < tensor_count();
    if (!valid || (!is_defined(t) && handles_.count(t) == 0))
      source_.error(where, "the operator does not make its output " + std::to_string(i),
                    "the file is damaged; export the model again");
  }
}

// What an operator did not define stays usable in its declared shape, so that errors of later
// operators are found too.
void GraphImporter::abandon_outputs(const tfl::Operator& op) {
  for (uint32_t i = 0; i < size_of(op.outputs()); ++i) {
    int32_t t = op.outputs()->Get(i);
    if (t < 0 || static_cast<uint32_t>(t) >= tensor_count() || is_defined(t)) continue;
    if (handles_.count(t) != 0) continue;
    source_.muted = true;
    std::optional<ir::Value> value = describe(static_cast<uint32_t>(t), "");
    source_.muted = false;
    if (value && has_static_shape(static_cast<uint32_t>(t)))
      define(t, graph_.add_value(std::move(*value)));
    else
      slots_[static_cast<size_t>(t)].unknown = true;
  }
}

void GraphImporter::import_outputs(const PortNames& names) {
  if (!source_.visit(size_of(subgraph_.outputs()))) return;
  for (uint32_t i = 0; i < size_of(subgraph_.outputs()); ++i) {
    int32_t t = subgraph_.outputs()->Get(i);
    std::string where = "subgraph " + std::to_string(number_) + ", output " + std::to_string(i);
    ir::ValueId v = output_value(t, where);
    if (v == ir::kNone) continue;
    auto name = names.find(static_cast<uint32_t>(t));
    bool named = name != names.end() && !name->second.empty();
    graph_.outputs.push_back({named ? name->second : tensor_name(static_cast<uint32_t>(t)), v});
  }
}

// Ports are activations and name each value once: others get a copy.
ir::ValueId GraphImporter::output_value(int32_t index, const std::string& where) {
  if (is_unknown(index)) return ir::kNone;
  ir::ValueId v = value(index, where);
  if (v == ir::kNone) return v;
  ir::Value like = graph_.value(v);
  if (is_shifted(index) && !called_) {
    for (int32_t& z : like.quantization.zero_points) z += 128;
    ir::ValueId outer = new_value(like.name + "/uint8", Type::uint8, like.quantization);
    return emit(op_code::requantize, {}, {v}, outer, where) ? outer : ir::kNone;
  }
  auto names = [&](const ir::Port& p) { return p.value == v; };
  bool taken = std::any_of(graph_.inputs.begin(), graph_.inputs.end(), names) ||
               std::any_of(graph_.outputs.begin(), graph_.outputs.end(), names);
  if (!taken && like.kind == TensorKind::activation) return v;
  ir::ValueId copy = new_value(like.name, like.type, like.quantization);
  ReshapeAttrs same{};
  same.count = like.shape.rank;
  ir::Bytes attributes(sizeof same);
  memcpy(attributes.data(), &same, sizeof same);
  return emit(op_code::reshape, std::move(attributes), {v}, copy, where) ? copy : ir::kNone;
}

void GraphImporter::define(int32_t index, ir::ValueId value) {
  slots_[static_cast<size_t>(index)].value = value;
}

bool GraphImporter::is_defined(int32_t index) const {
  return slots_[static_cast<size_t>(index)].value != ir::kNone;
}

bool GraphImporter::is_unknown(int32_t index) const {
  return index >= 0 && static_cast<uint32_t>(index) < tensor_count() &&
         slots_[static_cast<size_t>(index)].unknown;
}

ir::ValueId GraphImporter::new_value(const std::string& name, Type type,
                                     const ir::Quantization& quantization) {
  ir::Value v;
  v.name = name;
  v.type = type;
  if (source_.visit(quantization.scales.size())) v.quantization = quantization;
  return graph_.add_value(std::move(v));
}

bool GraphImporter::emit(uint16_t op, ir::Bytes attributes, std::vector<ir::ValueId> inputs,
                         ir::ValueId output, const std::string& where) {
  std::vector<ir::ValueId> outputs;
  if (output != ir::kNone) outputs.push_back(output);
  return emit_all(op, std::move(attributes), std::move(inputs), std::move(outputs), where);
}

bool GraphImporter::emit_all(uint16_t op, ir::Bytes attributes, std::vector<ir::ValueId> inputs,
                             std::vector<ir::ValueId> outputs, const std::string& where,
                             std::vector<ir::Graph> graphs) {
  while (!inputs.empty() && inputs.back() == ir::kNone) inputs.pop_back();
  ir::Node node{op,    std::move(attributes), std::move(inputs), std::move(outputs),
                where, std::move(graphs)};
  Status s = ir::infer_node(graph_, node);
  if (!s.ok()) {
    source_.error(where, ir::describe_status(s), "change the operator in the source model");
    return false;
  }
  if (!fold_integers(node)) graph_.nodes.push_back(std::move(node));
  return true;
}

void GraphImporter::make_constant(ir::ValueId value, const ShapeBounds& shape, ir::Bytes bytes) {
  ir::Value& v = graph_.value(value);
  v.kind = TensorKind::constant;
  v.shape = shape;
  v.data = std::make_shared<const ir::Bytes>(std::move(bytes));
}

// Shapes and axes that the file computes: small results of integers, from constants.
bool GraphImporter::fold_integers(const ir::Node& node) {
  constexpr int64_t kMostElements = 256;
  auto is_small_integer = [&](ir::ValueId v) {
    const ir::Value& x = graph_.value(v);
    return (x.type == Type::int32 || x.type == Type::int64 || x.type == Type::boolean) &&
           x.shape.is_static() && element_count(x.shape).max <= kMostElements;
  };
  for (ir::ValueId v : node.inputs)
    if (v != ir::kNone && (graph_.value(v).kind != TensorKind::constant || !is_small_integer(v)))
      return false;
  if (node.inputs.empty() || node.outputs.empty() || !node.graphs.empty()) return false;
  if (!std::all_of(node.outputs.begin(), node.outputs.end(), is_small_integer)) return false;
  // What cannot be computed now fails at run as it would have.
  Diagnostics ignored;
  std::vector<Evaluated> results = evaluate_node(graph_, node, ignored);
  if (results.size() != node.outputs.size()) return false;
  for (size_t i = 0; i < results.size(); ++i)
    make_constant(node.outputs[i], graph_.value(node.outputs[i]).shape,
                  std::move(results[i].bytes));
  return true;
}

const std::string* GraphImporter::handle(int32_t tensor) const {
  auto it = handles_.find(tensor);
  return it == handles_.end() ? nullptr : &it->second;
}

GraphImporter::Variable* GraphImporter::variable(const std::string& name, const ir::Value& like,
                                                 const std::string& where) {
  if (called_) {
    source_.error(where, "variables in branches and loops are not supported",
                  "pass the variable's value as an operand");
    return nullptr;
  }
  auto it = variables_.find(name);
  if (it != variables_.end()) return &it->second;
  ir::Value state = like;
  state.name = name;
  state.kind = TensorKind::state;
  auto initial = source_.initial_values.find(name);
  if (initial != source_.initial_values.end()) {
    if (initial->second.type != like.type) {
      source_.error(where, "variable '" + name + "' is initialized with another element type",
                    "export the model again");
      return nullptr;
    }
    state.shape = initial->second.shape;
    state.data = initial->second.data;
  } else if (!like.shape.is_static()) {
    source_.error(where, "variable '" + name + "' has a dynamic shape", "give it a static shape");
    return nullptr;
  }
  Variable v;
  v.state = graph_.add_value(std::move(state));
  v.where = where;
  return &variables_.emplace(name, v).first->second;
}

ir::ValueId GraphImporter::read_variable(const std::string& name, const ir::Value& like,
                                         const std::string& where) {
  Variable* v = variable(name, like, where);
  if (v == nullptr || v->current != ir::kNone) return v == nullptr ? ir::kNone : v->current;
  ir::Value state = graph_.value(v->state);
  ir::ValueId read = new_value(like.name, state.type, state.quantization);
  if (!emit(op_code::read_state, {}, {v->state}, read, where)) return ir::kNone;
  return v->current = read;
}

void GraphImporter::assign_variable(const std::string& name, ir::ValueId value,
                                    const std::string& where) {
  ir::Value like = graph_.value(value);
  Variable* v = variable(name, like, where);
  if (v == nullptr) return;
  v->current = value;
  v->assigned = true;
  v->where = where;
}

// All reads of a state precede its one write: reads move to the front, writes to the end.
void GraphImporter::write_states() {
  std::stable_partition(graph_.nodes.begin(), graph_.nodes.end(),
                        [](const ir::Node& n) { return n.op == op_code::read_state; });
  for (auto& [name, v] : variables_)
    if (v.assigned) emit(op_code::assign_state, {}, {v.state, v.current}, ir::kNone, v.where);
}

}  // namespace mote::tflite_import
