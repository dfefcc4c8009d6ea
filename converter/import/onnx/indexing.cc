// OneHot, GatherElements, GatherND, ScatterElements, Scatter, ScatterND, Compress, NonZero.
#include <algorithm>

#include "import/onnx/elementwise.h"
#include "import/onnx/float_steps.h"

namespace mote::onnx_import {
namespace {

// `sizes` for each index along the last dimension, or one for all, of the indices' type.
ir::ValueId from_the_front(NodeImport& c, ir::ValueId indices, ir::ValueId sizes) {
  const Type type = c.type(indices);
  ir::ValueId zero = as_type(c, c.int_constant({0}, {}), type);
  ir::ValueId is_negative =
      c.build().node(op_code::compare, CompareAttrs{kMoteLess}, {indices, zero}, Type::boolean);
  return selected(c, is_negative, binary(c, op_code::add, indices, as_type(c, sizes, type)),
                  indices);
}

bool has_negative(NodeImport& c, size_t operand) {
  auto list = c.constant_ints(operand);
  return list && std::any_of(list->begin(), list->end(), [](int64_t i) { return i < 0; });
}

// Sizes [first, first + count) of x, also where they are dynamic: of rank 0 for a single one.
ir::ValueId sizes_of(NodeImport& c, ir::ValueId x, int32_t first, int32_t count, bool as_scalar) {
  std::vector<int64_t> sizes;
  bool is_static = true;
  for (int32_t i = first; i < first + count; ++i) {
    is_static = is_static && c.shape(x).dims[i].is_static();
    sizes.push_back(c.shape(x).dims[i].max);
  }
  if (is_static)
    return c.int_constant(sizes, as_scalar ? std::vector<int32_t>{} : std::vector{count});
  ir::ValueId all = c.build().node(op_code::shape_of, {x}, Type::int64);
  ir::ValueId some = c.slice_axis(all, 0, first, first + count);
  return as_scalar ? reshaped(c, some, {}) : some;
}

// Operand 1 with indices that count from the end counted from the front.
ir::ValueId line_indices(NodeImport& c, ir::ValueId x, int32_t axis) {
  ir::ValueId indices = c.input(1);
  if (c.failed() || (c.is_constant(indices) && !has_negative(c, 1))) return indices;
  return from_the_front(c, indices, sizes_of(c, x, axis, 1, true));
}
ir::ValueId nd_indices(NodeImport& c, ir::ValueId x, int32_t batch_dims) {
  ir::ValueId indices = c.input(1);
  if (c.failed() || (c.is_constant(indices) && !has_negative(c, 1))) return indices;
  const ShapeBounds& shape = c.shape(indices);
  const Dim depth = shape.rank == 0 ? Dim{} : shape.dims[shape.rank - 1];
  if (shape.rank == 0 || !depth.is_static() || depth.max > c.rank(x) - batch_dims) {
    c.error("the last dimension of the indices does not fit the data");
    return ir::kNone;
  }
  return from_the_front(c, indices, sizes_of(c, x, batch_dims, depth.max, false));
}

std::optional<int32_t> scatter_reduction(NodeImport& c) {
  const std::string names[] = {"none", "add", "mul", "min", "max"};
  const std::string name = c.attr_string("reduction", "none");
  for (int32_t i = 0; i <= kMoteScatterMax; ++i)
    if (name == names[i]) return i;
  c.error("reduction '" + name + "' is unknown", "none, add, mul, min, max are supported");
  return std::nullopt;
}

// x with the updates; narrow types are combined in a wider one, any type is put in place.
void emit_scatter(NodeImport& c, uint16_t op, ScatterAttrs a, ir::ValueId x, ir::ValueId indices) {
  ir::ValueId updates = c.input(2);
  if (c.failed()) return;
  const Type type = a.reduction == kMoteScatterNone ? c.type(x) : computed_type(c.type(x));
  ir::ValueId y =
      c.build().node(op, a, {as_type(c, x, type), indices, as_type(c, updates, type)}, type);
  define_like(c, 0, y, x);
}

// The places along the one axis at which the condition holds.
std::vector<int64_t> places_of(const std::vector<double>& condition) {
  std::vector<int64_t> places;
  for (size_t i = 0; i < condition.size(); ++i)
    if (condition[i] != 0) places.push_back(static_cast<int64_t>(i));
  return places;
}

}  // namespace

// The values are [off, on]; indices may count from the end.
void import_one_hot(NodeImport& c) {
  ir::ValueId indices = c.input(0), values = c.input(2);
  auto depth = c.constant_reals(1);
  if (c.failed() || !depth) return;
  if (depth->size() != 1 || !((*depth)[0] >= 1 && (*depth)[0] <= INT32_MAX))
    return c.error("the depth must be one number from 1 on");
  if (c.rank(values) != 1 || c.shape(values).dims[0].max != 2)
    return c.error("the values must be two: off and on");
  int32_t axis = c.axis(c.attr_int("axis", -1), c.rank(indices) + 1);
  if (axis < 0) return;
  const auto size = static_cast<int32_t>((*depth)[0]);
  if (c.type(indices) != Type::int32) indices = as_type(c, indices, Type::int64);
  indices = from_the_front(c, indices, c.int_constant({size}, {}));
  c.emit(op_code::one_hot, OneHotAttrs{axis, size},
         {indices, c.slice_axis(values, 0, 1, 2), c.slice_axis(values, 0, 0, 1)}, c.type(values));
}

void import_gather_elements(NodeImport& c) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  int32_t axis = c.axis(c.attr_int("axis", 0), c.rank(x));
  ir::ValueId indices = axis < 0 ? ir::kNone : line_indices(c, x, axis);
  if (c.failed()) return;
  c.emit(op_code::gather_elements, GatherElementsAttrs{axis}, {x, indices}, c.type(x));
}

void import_gather_nd(NodeImport& c) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  int64_t batch_dims = c.attr_int("batch_dims", 0);
  if (batch_dims < 0 || batch_dims >= c.rank(x))
    return c.error("batch_dims is " + std::to_string(batch_dims));
  GatherNdAttrs a{static_cast<int32_t>(batch_dims)};
  ir::ValueId indices = nd_indices(c, x, a.batch_dims);
  if (!c.failed()) c.emit(op_code::gather_nd, a, {x, indices}, c.type(x));
}

void import_scatter_elements(NodeImport& c) {
  if (c.is_empty(1)) return c.define_as(0, 0);
  ir::ValueId x = c.input(0);
  auto reduction = scatter_reduction(c);
  if (c.failed() || !reduction) return;
  int32_t axis = c.axis(c.attr_int("axis", 0), c.rank(x));
  ir::ValueId indices = axis < 0 ? ir::kNone : line_indices(c, x, axis);
  if (!c.failed())
    emit_scatter(c, op_code::scatter_elements, ScatterAttrs{axis, *reduction}, x, indices);
}

void import_scatter_nd(NodeImport& c) {
  if (c.is_empty(1)) return c.define_as(0, 0);
  ir::ValueId x = c.input(0);
  auto reduction = scatter_reduction(c);
  if (c.failed() || !reduction) return;
  ir::ValueId indices = nd_indices(c, x, 0);
  if (!c.failed()) emit_scatter(c, op_code::scatter_nd, ScatterAttrs{0, *reduction}, x, indices);
}

// The condition must be constant: it makes the size of the result.
void import_compress(NodeImport& c) {
  ir::ValueId x = c.input(0);
  auto condition = c.constant_reals(1);
  if (c.failed() || !condition) return;
  int32_t axis = 0;
  if (c.has_attr("axis")) {
    axis = c.axis(c.attr_int("axis", 0), c.rank(x));
    if (axis < 0) return;
  } else {
    x = reshaped(c, x, {-1});
  }
  std::vector<int64_t> places = places_of(*condition);
  if (places.empty()) return c.error("no element is selected", "sizes are at least 1");
  // A condition that is too long names nothing behind the end.
  if (places.back() >= c.shape(x).dims[axis].min)
    return c.error("the condition selects element " + std::to_string(places.back()));
  ir::ValueId indices = c.int_constant(places, {static_cast<int32_t>(places.size())});
  c.emit(op_code::gather, GatherAttrs{axis, 0}, {x, indices}, c.type(x));
}

// Of a constant: the number of results is known only then.
void import_non_zero(NodeImport& c) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  if (!c.is_constant(x))
    return c.error("the number of elements that are not zero is known at run only",
                   "make the operand a constant, or fix the input that it depends on (--fix)");
  auto elements = c.constant_reals(0);
  if (!elements) return;
  const Shape shape = c.shape(x).max();
  std::vector<int64_t> places = places_of(*elements);
  const int32_t rank = shape.rank == 0 ? 1 : shape.rank;  // a scalar counts as one element
  const auto count = static_cast<int64_t>(places.size());
  if (count == 0) return c.define_empty(0, Type::int64, {rank, 0});
  std::vector<int64_t> result(places.size() * static_cast<size_t>(rank));
  for (size_t i = 0; i < places.size(); ++i) {
    int64_t at = places[i];
    for (int32_t d = shape.rank; d-- > 0;) {
      result[static_cast<size_t>(d) * places.size() + i] = at % shape.dims[d];
      at /= shape.dims[d];
    }
  }
  c.define(0, c.int_constant(result, {rank, static_cast<int32_t>(count)}));
}

}  // namespace mote::onnx_import
