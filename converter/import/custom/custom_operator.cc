#include "mote/custom_operator.h"

#include <algorithm>

#include "base/checked.h"
#include "import/custom/custom_call.h"
#include "ir/called_graphs.h"
#include "ir/op_view.h"

namespace mote {
namespace {

// Null when no operator has this name.
const Operator* operator_of_name(const std::string& name) {
#define MOTE_OPERATOR(number, op_name) \
  if (name == #op_name) return ir::find_operator(number);
#include "ops/ops.inc"
#undef MOTE_OPERATOR
  return nullptr;
}

bool has_value(const ir::Graph& graph, CustomValue v) {
  return !v.is_absent() && static_cast<size_t>(v.id) < graph.values.size();
}

template <class T>
Span<const uint8_t> bytes_of(const std::vector<T>& elements) {
  return {reinterpret_cast<const uint8_t*>(elements.data()), elements.size() * sizeof(T)};
}

std::string count_text(size_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

const CustomImporter* find_custom(const ConvertOptions& options, CustomImporter::Format format,
                                  const std::string& name) {
  for (const CustomImporter& i : options.custom_operators)
    if (i.name == name && (i.format == format || i.format == CustomImporter::Format::any))
      return &i;
  return nullptr;
}

CustomTensor describe_custom(const ir::Value& value) {
  CustomTensor t;
  t.name = value.name;
  t.type = value.type;
  t.shape = value.shape;
  t.scales = value.quantization.scales;
  t.zero_points = value.quantization.zero_points;
  t.axis = value.quantization.axis;
  t.is_constant = value.kind == TensorKind::constant;
  if (t.is_constant && value.data) t.data = {value.data->data(), value.data->size()};
  return t;
}

std::optional<ir::Graph> import_custom(const CustomImporter& importer, const CustomCall& call,
                                       Diagnostics& diagnostics) {
  CustomOperator::Impl impl{call, diagnostics, {}, {}, {}};
  impl.graph.name = call.name;
  for (const ir::Value* operand : call.operands) {
    impl.operands.push_back(operand == nullptr ? ir::kNone : impl.graph.add_value(*operand));
    if (operand != nullptr) impl.graph.inputs.push_back({operand->name, impl.operands.back()});
  }
  impl.outputs.assign(call.output_count, ir::kNone);
  CustomOperator custom(impl);
  if (importer.import) importer.import(custom);
  for (size_t i = 0; i < call.output_count && !impl.failed; ++i)
    if (impl.outputs[i] == ir::kNone)
      custom.fail("the importer does not set output " + std::to_string(i));
  if (impl.failed) return std::nullopt;
  for (ir::ValueId v : impl.outputs) impl.graph.outputs.push_back({impl.graph.value(v).name, v});
  return std::move(impl.graph);
}

// ---- What the source model says ----

const std::string& CustomOperator::name() const { return impl_.call.name; }
const std::string& CustomOperator::where() const { return impl_.call.where; }
size_t CustomOperator::input_count() const { return impl_.operands.size(); }
size_t CustomOperator::output_count() const { return impl_.outputs.size(); }
Span<const uint8_t> CustomOperator::options() const { return impl_.call.options; }
bool CustomOperator::failed() const { return impl_.failed; }

void CustomOperator::fail(const std::string& what, const std::string& remedy) {
  impl_.failed = true;
  impl_.diagnostics.add(where(), what, remedy);
}

CustomValue CustomOperator::input(size_t i) {
  if (i < input_count()) return {impl_.operands[i]};
  if (!failed())
    fail("input " + std::to_string(i) + " is asked for; the operator has " +
         count_text(input_count(), "input"));
  return {};
}

const CustomTensor& CustomOperator::tensor(CustomValue value) {
  const bool exists = has_value(impl_.graph, value);
  if (!exists && !failed()) fail("the importer asks for a value that is absent");
  CustomTensor& t = impl_.tensors[exists ? value.id : ir::kNone];
  if (exists) t = describe_custom(impl_.graph.value(value.id));
  return t;
}

std::optional<CustomTensor> CustomOperator::declared_output(size_t i) const {
  return i < impl_.call.declared.size() ? impl_.call.declared[i] : std::nullopt;
}

// ---- What it is made of ----

CustomValue CustomOperator::constant(const std::vector<int32_t>& shape, const CustomResult& type,
                                     Span<const uint8_t> elements) {
  if (failed()) return {};
  ir::Value v;
  v.name = where() + "/constant_" + std::to_string(impl_.graph.values.size());
  v.type = type.type;
  v.kind = TensorKind::constant;
  v.quantization.scales = type.scales;
  v.quantization.zero_points = type.zero_points;
  v.quantization.zero_points.resize(type.scales.size());
  const bool fits = shape.size() <= kMaxRank &&
                    std::all_of(shape.begin(), shape.end(), [](int32_t d) { return d >= 1; });
  if (fits) v.shape = ir::shape_of(shape);
  const int64_t bytes = fits ? max_bytes_of(v.shape, v.type) : -1;
  if (bytes < 0 || static_cast<size_t>(bytes) != elements.size) {
    fail("a constant of shape " + ir::shape_text(v.shape) + " is given " +
             count_text(elements.size, "byte"),
         "sizes are at least 1, the rank at most 8");
    return {};
  }
  v.data = std::make_shared<const ir::Bytes>(elements.begin(), elements.end());
  return {impl_.graph.add_value(std::move(v))};
}

CustomValue CustomOperator::constant(const std::vector<int32_t>& shape,
                                     const std::vector<float>& elements) {
  return constant(shape, CustomResult{Type::float32}, bytes_of(elements));
}
CustomValue CustomOperator::constant(const std::vector<int32_t>& shape,
                                     const std::vector<int32_t>& elements) {
  return constant(shape, CustomResult{Type::int32}, bytes_of(elements));
}
CustomValue CustomOperator::constant(const std::vector<int32_t>& shape,
                                     const std::vector<int64_t>& elements) {
  return constant(shape, CustomResult{Type::int64}, bytes_of(elements));
}

CustomValue CustomOperator::add(const char* op, const std::vector<CustomValue>& inputs,
                                const CustomAttributes& attributes, const CustomResult& result) {
  return add_all(op, inputs, attributes, {result})[0];
}

std::vector<CustomValue> CustomOperator::add_all(const char* op,
                                                 const std::vector<CustomValue>& inputs,
                                                 const CustomAttributes& attributes,
                                                 const std::vector<CustomResult>& results) {
  std::vector<CustomValue> out(results.size());
  if (failed()) return out;
  const std::string name = op == nullptr ? "" : op;
  auto refuse = [&](const std::string& what) {
    fail("operator '" + name + "': " + what);
    return out;
  };
  const Operator* row = operator_of_name(name);
  if (row == nullptr) return refuse("Mote has none of this name");
  if (row->graphs != 0 || row->flags & (kReadsState | kWritesState))
    return refuse("control flow and states are not for importers of custom operators");
  ir::Node node;
  node.op = row->code;
  node.location = where();
  std::string problem = read_custom_attributes(node.op, attributes, &node.attributes);
  if (!problem.empty()) return refuse(problem);
  for (CustomValue v : inputs) {
    if (!v.is_absent() && !has_value(impl_.graph, v)) return refuse("an input is no value");
    node.inputs.push_back(v.is_absent() ? ir::kNone : v.id);
  }
  while (!node.inputs.empty() && node.inputs.back() == ir::kNone) node.inputs.pop_back();
  for (const CustomResult& r : results) {
    ir::Value v;
    v.name = where() + "/" + name + "_" + std::to_string(impl_.graph.values.size());
    v.type = r.type;
    v.quantization.scales = r.scales;
    v.quantization.zero_points = r.zero_points;
    v.quantization.zero_points.resize(r.scales.size());
    node.outputs.push_back(impl_.graph.add_value(std::move(v)));
  }
  if (Status s = ir::infer_node(impl_.graph, node); !s.ok()) return refuse(ir::describe_status(s));
  for (size_t i = 0; i < out.size(); ++i) out[i].id = node.outputs[i];
  impl_.graph.nodes.push_back(std::move(node));
  return out;
}

void CustomOperator::set_output(size_t i, CustomValue value) {
  if (failed()) return;
  const bool exists = has_value(impl_.graph, value);
  if (i >= output_count() || !exists)
    return fail("output " + std::to_string(i) + " is set" + (exists ? "" : " to no value") +
                "; the operator has " + count_text(output_count(), "output"));
  impl_.outputs[i] = value.id;
}

void CustomOperator::become(Span<const uint8_t> model) {
  if (failed()) return;
  std::vector<const ir::Value*> operands = impl_.call.operands;
  while (!operands.empty() && operands.back() == nullptr) operands.pop_back();
  auto graph = replacement_graph(model, operands, output_count(), where(), impl_.diagnostics);
  if (!graph) {
    impl_.failed = true;
    return;
  }
  std::vector<ir::ValueId> inputs(impl_.operands.begin(),
                                  impl_.operands.begin() + static_cast<ptrdiff_t>(operands.size()));
  impl_.outputs = ir::inline_graph(impl_.graph, *graph, inputs);
}

CustomImporter custom_importer_from_model(std::string name, std::vector<uint8_t> model) {
  auto bytes = std::make_shared<const std::vector<uint8_t>>(std::move(model));
  return {CustomImporter::Format::any, std::move(name),
          [bytes](CustomOperator& c) { c.become({bytes->data(), bytes->size()}); }};
}

}  // namespace mote
