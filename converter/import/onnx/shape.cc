// Operators that give a value another shape or type, or ask for its shape.
#include <algorithm>

#include "base/checked.h"
#include "import/onnx/node_import.h"
#include "ir/op_view.h"

namespace mote::onnx_import {
namespace {

void define_cast(NodeImport& c, ir::ValueId x, Type to) {
  c.define(0, c.type(x) == to ? x : c.build().node(op_code::cast, {x}, to));
}

// The product of sizes [begin, end): a size for ReshapeAttrs, -1 when it is dynamic.
int32_t product(const ShapeBounds& s, int32_t begin, int32_t end) {
  int64_t n = 1;
  for (int32_t i = begin; i < end; ++i) {
    if (!s.dims[i].is_static() || !checked_mul(n, s.dims[i].max, &n)) return -1;
  }
  return n <= INT32_MAX ? static_cast<int32_t>(n) : -1;
}

// As ReshapeAttrs: in literal sizes every 0 copies, unless 0 is meant.
void define_reshaped(NodeImport& c, ir::ValueId x, const std::vector<int32_t>& sizes) {
  if (std::count(sizes.begin(), sizes.end(), -1) > 1)
    return c.error("several sizes of the new shape are only known at run",
                   "give the model's inputs a static shape");
  ReshapeAttrs a{};
  for (int32_t s : sizes) a.shape[a.count++] = s;
  Type type = c.type(x);
  c.define(0, c.build().node(op_code::reshape, a, {x}, type));
}

// A ratio of 0, also where the model is in training mode.
bool drops_nothing(NodeImport& c) {
  if (!c.has(1)) return false;
  auto ratio = c.constant_reals(1);
  return ratio && ratio->size() == 1 && ratio->front() == 0;
}

}  // namespace

void import_identity(NodeImport& c) { c.define_as(0, 0); }

void import_dropout(NodeImport& c) {
  if (c.opset() >= 12 && c.has(2)) {
    auto training = c.constant_reals(2);
    if (!training) return;
    const bool trains = !training->empty() && training->front() != 0;
    if (trains && !drops_nothing(c))
      return c.error("dropout in training mode", "export the model for inference");
    if (c.failed()) return;
  }
  c.define_as(0, 0);
  if (!c.has_output(1) || c.is_empty(0)) return;
  ir::ValueId x = c.input(0);
  Type type = c.opset() >= 10 ? Type::boolean : c.type(x);
  ir::ValueId zero =
      c.build().node(op_code::mul, BinaryAttrs{}, {x, c.build().constant({}, 0.0f)}, c.type(x));
  ir::ValueId one =
      c.build().node(op_code::add, BinaryAttrs{}, {zero, c.build().constant({}, 1.0f)}, c.type(x));
  c.define(1, type == c.type(x) ? one : c.build().node(op_code::cast, {one}, type));
}

void import_cast(NodeImport& c) {
  ir::ValueId x = c.input(0);
  std::optional<Type> to = c.type_of(c.attr_int("to", 0));
  if (!c.failed() && to) define_cast(c, x, *to);
}

void import_cast_like(NodeImport& c) {
  ir::ValueId x = c.input(0), like = c.input(1);
  if (!c.failed()) define_cast(c, x, c.type(like));
}

void import_shape(NodeImport& c) {
  const bool is_empty = c.is_empty(0);
  ir::ValueId x = is_empty ? ir::kNone : c.input(0);
  if (c.failed()) return;
  std::vector<int64_t> dims;
  bool is_static = true;
  if (is_empty) dims = *c.static_dims(0);
  for (int i = 0; !is_empty && i < c.rank(x); ++i) {
    is_static = is_static && c.shape(x).dims[i].is_static();
    dims.push_back(c.shape(x).dims[i].max);
  }
  const auto rank = static_cast<int64_t>(dims.size());
  auto place = [&](const char* name, int64_t fallback) {
    int64_t at = c.attr_int(name, fallback);
    return std::clamp<int64_t>(at < 0 ? at + rank : at, 0, rank);
  };
  int64_t start = place("start", 0), end = place("end", rank);
  if (end <= start) return c.define_empty(0, Type::int64, {0});
  bool is_known = true;
  for (int64_t i = start; i < end && !is_static; ++i)
    is_known = is_known && c.shape(x).dims[i].is_static();
  if (is_known)
    return c.define(0, c.int_constant({dims.begin() + start, dims.begin() + end},
                                      {static_cast<int32_t>(end - start)}));
  ir::ValueId all = c.build().node(op_code::shape_of, {x}, Type::int64);
  c.define(0, end - start == rank ? all : c.slice_axis(all, 0, start, end));
}

void import_size(NodeImport& c) {
  if (c.is_empty(0)) return c.define(0, c.int_constant({0}, {}));
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  if (c.shape(x).is_static()) return c.define(0, c.int_constant({c.shape(x).max().elements()}, {}));
  ir::ValueId sizes = c.build().node(op_code::shape_of, {x}, Type::int64);
  ReduceAttrs a{};
  a.kind = kMoteReduceProd;
  a.axis_count = 1;
  c.define(0, c.build().node(op_code::reduce, a, {sizes}, Type::int64));
}

void import_reshape(NodeImport& c) {
  if (c.is_empty(0)) {
    auto wanted = c.constant_ints(1);
    if (!wanted) return;
    if (std::find(wanted->begin(), wanted->end(), 0) != wanted->end() && c.attr_int("allowzero", 0))
      return c.define_empty(0, Type::float32, *wanted);
    return c.error("a tensor of no elements is reshaped", "sizes are at least 1");
  }
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  auto sizes = c.target_shape(1, x);
  if (!sizes) return;
  const bool has_zero = std::find(sizes->begin(), sizes->end(), 0) != sizes->end();
  if (has_zero && c.attr_int("allowzero", 0) != 0)
    return c.error("the result has no elements", "sizes are at least 1");
  define_reshaped(c, x, *sizes);
}

void import_flatten(NodeImport& c) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  const ShapeBounds in = c.shape(x);
  int64_t given = c.attr_int("axis", 1);
  int32_t axis = given == in.rank ? in.rank : c.axis(given, in.rank);
  if (axis < 0) return;
  int32_t outer = product(in, 0, axis), inner = product(in, axis, in.rank);
  // The first dimension alone stays at its place.
  if (outer == -1 && axis == 1) outer = 0;
  define_reshaped(c, x, {outer, inner});
}

void import_squeeze(NodeImport& c) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  auto axes = c.axes(1, 13, c.rank(x));
  if (!axes) return;
  const bool is_given = c.has(1) || c.has_attr("axes");
  for (int32_t i = 0; !is_given && i < c.rank(x); ++i)
    if (c.shape(x).dims[i].max == 1) axes->push_back(i);
  c.define(0, c.drop_ones(x, *axes));
}

void import_unsqueeze(NodeImport& c) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  size_t count = c.attr_ints("axes").size();
  if (c.opset() >= 13) {
    auto list = c.constant_ints(1);
    if (!list) return;
    count = list->size();
  }
  if (count > kMaxRank) return c.error("more than 8 axes");
  auto axes = c.axes(1, 13, c.rank(x) + static_cast<int32_t>(count));
  if (axes) c.define(0, c.insert_ones(x, *axes));
}

void import_expand(NodeImport& c) {
  ir::ValueId x = c.input(0);
  if (!c.failed()) c.define_expanded(x, 1);
}

}  // namespace mote::onnx_import
