#include "quantize/rewriter.h"

#include <cmath>

#include "ir/op_view.h"
#include "ir/tables.h"
#include "ops/attributes.h"
#include "quantize/scales.h"

namespace mote {
namespace {

// Of requantize (core/NUMERICS.md, 8.3).
constexpr float kLeastRatio = 0x1p-8f, kLargestRatio = 0x1p7f;

}  // namespace

ir::Quantization static_quantization(const ir::Graph& graph, const StaticValues& statics,
                                     ir::ValueId v) {
  const ir::Quantization& given = graph.value(v).quantization;
  return given.quantized() ? given : activation_quantization(statics.range(v));
}

Rewriter::Rewriter(ir::Graph& graph, const StaticValues& statics, const ScaleGroups& groups)
    : graph_(graph),
      statics_(statics),
      groups_(groups),
      int8_(graph.values.size(), ir::kNone),
      real_(graph.values.size(), ir::kNone) {
  for (const ir::Value& v : graph.values) names_.insert(v.name);
  for (const ir::Port& port : graph.inputs) real_[static_cast<size_t>(port.value)] = port.value;
  for (size_t v = 0; v < graph.values.size(); ++v)
    if (graph.values[v].kind != TensorKind::activation) real_[v] = static_cast<ir::ValueId>(v);
}

ir::ValueId Rewriter::add_value(std::string name, Type type, const ShapeBounds& shape,
                                ir::Quantization q) {
  const std::string base = name;
  for (int i = 2; !names_.insert(name).second; ++i) name = base + "_" + std::to_string(i);
  ir::Value v;
  v.name = std::move(name);
  v.type = type;
  v.shape = shape;
  v.quantization = std::move(q);
  return graph_.add_value(std::move(v));
}

void Rewriter::convert(uint16_t op, ir::ValueId from, ir::ValueId to) {
  ir::Node node;
  node.op = op;
  node.inputs = {from};
  node.outputs = {to};
  node.location = location_;
  nodes_.push_back(std::move(node));
}

ir::ValueId Rewriter::int8(ir::ValueId v) {
  ir::ValueId& made = int8_[static_cast<size_t>(v)];
  if (made != ir::kNone) return made;
  const ir::Quantization q =
      statics_.contains(v) ? static_quantization(graph_, statics_, v) : groups_.of(v);
  const std::string name = graph_.value(v).name + "/int8";
  const ShapeBounds shape = graph_.value(v).shape;
  made = add_value(name, Type::int8, shape, q);
  convert(op_code::quantize, real(v), made);
  if (!statics_.contains(v)) results_.emplace_back(v, made);
  return made;
}

ir::ValueId Rewriter::int8(ir::ValueId v, const ir::Quantization& q) {
  ir::ValueId own = statics_.contains(v) ? ir::kNone : int8(v);
  if (own != ir::kNone && graph_.value(own).quantization == q) return own;
  ir::ValueId& made = requantized_[{v, q.scales[0], q.zero_points[0]}];
  if (made != 0) return made;  // of a new value: behind all the float ones
  const std::string name = graph_.value(v).name + "/requantized";
  const ShapeBounds shape = graph_.value(v).shape;
  bool fits = own != ir::kNone;
  if (fits) {
    float ratio = graph_.value(own).quantization.scales[0] / q.scales[0];
    fits = ratio >= kLeastRatio && ratio <= kLargestRatio;
  }
  ir::ValueId from = fits ? own : real(v);
  made = add_value(name, Type::int8, shape, q);
  convert(fits ? op_code::requantize : op_code::quantize, from, made);
  return made;
}

// By a table, as an activation that changes nothing.
ir::ValueId Rewriter::rounded_int8(ir::ValueId v, const ir::Quantization& q) {
  if (statics_.contains(v)) return int8(v, q);
  ir::ValueId own = int8(v);
  if (graph_.value(own).quantization == q) return own;
  ir::ValueId& made = requantized_[{v, q.scales[0], q.zero_points[0]}];
  if (made != 0) return made;
  const ActivationAttrs same{kMoteClip, -HUGE_VALF, HUGE_VALF};
  const std::string name = graph_.value(v).name + "/requantized";
  const ShapeBounds shape = graph_.value(v).shape;
  ir::Node node;
  node.op = op_code::activation;
  node.set_attrs(same);
  node.inputs = {own, constant(name + "/table", Type::int8,
                               ir::activation_table(same, graph_.value(own).quantization, q))};
  node.outputs = {made = add_value(name, Type::int8, shape, q)};
  node.location = location_;
  nodes_.push_back(std::move(node));
  return made;
}

ir::ValueId Rewriter::converted(uint16_t op, ir::ValueId from, const ir::Quantization& q) {
  const std::string name = graph_.value(from).name + "/int8";
  const ShapeBounds shape = graph_.value(from).shape;
  ir::ValueId made = add_value(name, Type::int8, shape, q);
  convert(op, from, made);
  return made;
}

ir::ValueId Rewriter::real(ir::ValueId v) {
  ir::ValueId& known = real_[static_cast<size_t>(v)];
  if (known != ir::kNone) return known;
  known = v;
  ir::ValueId from = int8_[static_cast<size_t>(v)];
  const ir::Value value = graph_.value(v);
  if (value.type == Type::float32) {
    convert(op_code::dequantize, from, v);
  } else if (value.quantization.quantized()) {
    convert(op_code::requantize, from, v);
  } else {  // the bytes alone
    if (value.type == Type::uint8) {
      ir::Quantization q = graph_.value(from).quantization;
      q.zero_points[0] += 128;
      ir::ValueId shifted = add_value(value.name + "/uint8", Type::uint8, value.shape, q);
      convert(op_code::requantize, from, shifted);
      from = shifted;
    }
    convert(op_code::cast, from, v);
  }
  return known;
}

ir::ValueId Rewriter::any(ir::ValueId v) {
  ir::ValueId made = int8_[static_cast<size_t>(v)];
  return made != ir::kNone ? made : real(v);
}

ir::ValueId Rewriter::stored(ir::ValueId v, Type type, const std::vector<float>& scales,
                             int32_t axis) {
  return stored(v, type,
                {scales, std::vector<int32_t>(scales.size(), 0), scales.size() > 1 ? axis : -1});
}

ir::ValueId Rewriter::stored(ir::ValueId v, Type type, const ir::Quantization& q) {
  const std::string name = graph_.value(v).name + "/" + type_name(type);
  const ShapeBounds shape = graph_.value(v).shape;
  ir::ValueId made = add_value(name, type, shape, q);
  convert(op_code::quantize, real(v), made);
  return made;
}

void Rewriter::add_int8(const ir::Node& node, std::vector<ir::ValueId> inputs) {
  ir::Node made = node;
  ir::ValueId y = node.outputs[0];
  made.inputs = std::move(inputs);
  const std::string name = graph_.value(y).name + "/int8";
  const ShapeBounds shape = graph_.value(y).shape;
  made.outputs = {add_value(name, Type::int8, shape, groups_.of(y))};
  int8_[static_cast<size_t>(y)] = made.outputs[0];
  results_.emplace_back(y, made.outputs[0]);
  nodes_.push_back(std::move(made));
}

bool Rewriter::is_accepted(const ir::Node& node) {
  if (ir::NodeView(graph_, nodes_.back()).check().ok()) return true;
  nodes_.pop_back();
  results_.pop_back();
  int8_[static_cast<size_t>(node.outputs[0])] = ir::kNone;
  return false;
}

void Rewriter::add(const ir::Node& node, std::vector<ir::ValueId> inputs) {
  ir::Node made = node;
  made.inputs = std::move(inputs);
  for (ir::ValueId y : made.outputs) real_[static_cast<size_t>(y)] = y;
  nodes_.push_back(std::move(made));
}

void Rewriter::keep(const ir::Node& node) {
  std::vector<ir::ValueId> inputs;
  const Operator* op = ir::find_operator(node.op);
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    ir::ValueId v = node.inputs[i];
    bool only_shape = op != nullptr && i < 8 && (op->shape_inputs >> i & 1) != 0;
    inputs.push_back(v == ir::kNone ? v : only_shape ? any(v) : real(v));
  }
  add(node, std::move(inputs));
}

void Rewriter::make_int8_input(ir::Port& port) {
  ir::ValueId v = port.value;
  port.value =
      add_value(graph_.value(v).name + "/int8", Type::int8, graph_.value(v).shape, groups_.of(v));
  int8_[static_cast<size_t>(v)] = port.value;
  real_[static_cast<size_t>(v)] = ir::kNone;
  results_.emplace_back(v, port.value);
}

void Rewriter::finish(bool int8_ports) {
  for (ir::Port& port : graph_.outputs) {
    location_ = "output '" + port.name + "'";
    bool is_int8 = int8_[static_cast<size_t>(port.value)] != ir::kNone;
    port.value = int8_ports && is_int8 ? int8_[static_cast<size_t>(port.value)] : real(port.value);
  }
  graph_.nodes = std::move(nodes_);
}

}  // namespace mote
