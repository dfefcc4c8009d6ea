#include "import/onnx/moving_slice.h"

#include <algorithm>

#include "import/onnx/float_steps.h"
#include "import/onnx/graph_importer.h"

namespace mote::onnx_import {
namespace {

// A value of one element: another one and a number.
struct Moved {
  ir::ValueId from;
  int64_t by;
};

// The one element of a constant of integers.
std::optional<int64_t> element_of(const ir::Value& v) {
  if (v.kind != TensorKind::constant || v.shape.max().elements() != 1) return std::nullopt;
  if (v.type == Type::int64) return *v.as<int64_t>();
  if (v.type == Type::int32) return *v.as<int32_t>();
  return std::nullopt;
}

const ir::Node* writer_of(const ir::Graph& graph, ir::ValueId v) {
  auto it = std::find_if(graph.nodes.rbegin(), graph.nodes.rend(), [&](const ir::Node& n) {
    return !n.outputs.empty() && n.outputs[0] == v;
  });
  return it == graph.nodes.rend() ? nullptr : &*it;
}

// Through reshapes, casts between integers, sums and differences with a number.
Moved origin(const ir::Graph& graph, ir::ValueId v) {
  constexpr int kMostSteps = 16;
  constexpr int64_t kFar = int64_t{1} << 40;
  Moved m{v, 0};
  for (int i = 0; i < kMostSteps; ++i) {
    const ir::Node* node = writer_of(graph, m.from);
    if (node == nullptr || node->inputs.empty() || node->inputs[0] == ir::kNone) return m;
    const bool is_cast = node->op == op_code::cast || node->op == op_code::reshape;
    const Type type = graph.value(node->inputs[0]).type;
    if (type != Type::int32 && type != Type::int64) return m;
    if (is_cast) {
      m.from = node->inputs[0];
      continue;
    }
    if (node->op != op_code::add && node->op != op_code::sub) return m;
    const auto left = element_of(graph.value(node->inputs[0]));
    const auto right = element_of(graph.value(node->inputs[1]));
    const bool is_right = right.has_value();
    if (!is_right && (!left || node->op == op_code::sub)) return m;
    const int64_t number = is_right ? *right : *left;
    if (number < -kFar || number > kFar) return m;
    m.by += node->op == op_code::sub ? -number : number;
    m.from = node->inputs[is_right ? 0 : 1];
  }
  return m;
}

// The one element of an optional operand; nothing where it is not known now.
std::optional<int64_t> known_element(NodeImport& c, size_t i, int64_t fallback) {
  if (!c.has(i)) return fallback;
  ir::ValueId v = c.input(i);
  return v == ir::kNone ? std::nullopt : element_of(c.value(v));
}

}  // namespace

bool define_moving(NodeImport& c) {
  if (c.opset() < 10 || !c.has(0) || !c.has(1) || !c.has(2)) return false;
  ir::ValueId x = c.input(0), starts = c.input(1), ends = c.input(2);
  const auto axis_number = known_element(c, 3, 0), step = known_element(c, 4, 1);
  if (c.failed() || !axis_number || step != 1 || c.is_constant(starts)) return false;
  if (c.importer().shape_values().elements(starts) != nullptr) return false;
  const ShapeBounds shape = c.shape(x);
  const Moved from = origin(c.importer().graph(), starts), to = origin(c.importer().graph(), ends);
  const int64_t size = to.by - from.by;
  if (from.from != to.from || !shape.is_static() || c.shape(starts).max().elements() != 1 ||
      *axis_number < -shape.rank || *axis_number >= shape.rank)
    return false;
  const auto axis =
      static_cast<int32_t>(*axis_number < 0 ? *axis_number + shape.rank : *axis_number);
  if (size < 1 || size > shape.dims[axis].max) return false;
  SizesAttrs a{};
  for (int i = 0; i < shape.rank; ++i) a.sizes[a.count++] = shape.dims[i].max;
  a.sizes[axis] = static_cast<int32_t>(size);
  auto number = [&](int32_t n) {
    return c.build().constant(c.where() + "/number", Type::int32, {1}, std::vector<int32_t>{n});
  };
  // Starts below 0 count from the end.
  ir::ValueId begin = as_type(c, reshaped(c, starts, {1}), Type::int32);
  ir::ValueId is_negative =
      c.build().node(op_code::compare, CompareAttrs{kMoteLess}, {begin, number(0)}, Type::boolean);
  begin =
      selected(c, is_negative, binary(c, op_code::add, begin, number(shape.dims[axis].max)), begin);
  PadAttrs place{};
  place.count = 1;
  place.before[0] = axis;
  place.after[0] = shape.rank - 1 - axis;
  if (shape.rank > 1) begin = c.build().node(op_code::pad, place, {begin}, Type::int32);
  c.emit(op_code::dynamic_slice, a, {x, begin}, c.type(x));
  return true;
}

}  // namespace mote::onnx_import
