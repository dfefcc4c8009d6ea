#include "import/onnx/float_steps.h"

#include <algorithm>

namespace mote::onnx_import {

ir::ValueId as_type(NodeImport& c, ir::ValueId x, Type type) {
  return x == ir::kNone || c.type(x) == type ? x : c.build().node(op_code::cast, {x}, type);
}

ir::ValueId float_input(NodeImport& c, size_t i) { return as_type(c, c.input(i), Type::float32); }
ir::ValueId optional_float_input(NodeImport& c, size_t i) {
  return as_type(c, c.optional_input(i), Type::float32);
}

void define_like(NodeImport& c, size_t output, ir::ValueId v, ir::ValueId like) {
  c.define(output, as_type(c, v, c.type(like)));
}

ir::ValueId binary(NodeImport& c, uint16_t op, ir::ValueId a, ir::ValueId b) {
  return c.build().node(op, BinaryAttrs{}, {a, b}, c.type(a));
}
ir::ValueId binary(NodeImport& c, uint16_t op, ir::ValueId a, float b) {
  return binary(c, op, a, scalar(c, b));
}

ir::ValueId math(NodeImport& c, int32_t kind, ir::ValueId x) {
  return c.build().node(op_code::math, MathAttrs{kind}, {x});
}

ir::ValueId reduced(NodeImport& c, int32_t kind, ir::ValueId x, const std::vector<int32_t>& axes) {
  if (axes.empty()) return x;
  ReduceAttrs a{};
  a.kind = kind;
  a.keep_dims = 1;
  for (int32_t axis : axes) a.axes[a.axis_count++] = axis;
  return c.build().node(op_code::reduce, a, {x}, c.type(x));
}

ir::ValueId selected(NodeImport& c, ir::ValueId condition, ir::ValueId a, ir::ValueId b) {
  return c.build().node(op_code::select, {condition, a, b}, c.type(a));
}

ir::ValueId scalar(NodeImport& c, float value) { return c.build().constant(ShapeBounds{}, value); }

ir::ValueId reshaped(NodeImport& c, ir::ValueId x, const std::vector<int32_t>& dims) {
  ReshapeAttrs a{};
  for (int32_t d : dims) a.shape[a.count++] = d;
  return c.build().node(op_code::reshape, a, {x}, c.type(x));
}

int32_t size_of(Dim dim) { return dim.is_static() ? dim.max : -1; }

std::vector<int32_t> order_with_last(int32_t rank, const std::vector<int32_t>& last) {
  std::vector<int32_t> order;
  for (int32_t i = 0; i < rank; ++i)
    if (std::find(last.begin(), last.end(), i) == last.end()) order.push_back(i);
  order.insert(order.end(), last.begin(), last.end());
  return order;
}

std::vector<int32_t> inverse_order(const std::vector<int32_t>& order) {
  std::vector<int32_t> inverse(order.size());
  for (size_t i = 0; i < order.size(); ++i)
    inverse[static_cast<size_t>(order[i])] = static_cast<int32_t>(i);
  return inverse;
}

ir::ValueId reordered(NodeImport& c, ir::ValueId x, const std::vector<int32_t>& order) {
  if (std::is_sorted(order.begin(), order.end())) return x;
  TransposeAttrs a{};
  for (int32_t p : order) a.permutation[a.count++] = p;
  return c.build().node(op_code::transpose, a, {x}, c.type(x));
}

}  // namespace mote::onnx_import
