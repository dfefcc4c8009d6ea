// Transpose, Concat, Split, Slice, Gather.
#include <algorithm>

#include "import/onnx/graph_importer.h"
#include "import/onnx/moving_slice.h"
#include "import/onnx/node_import.h"
#include "import/onnx/sizes.h"
#include "ir/op_view.h"

namespace mote::onnx_import {
namespace {

// What a slice takes of one dimension.
struct Part {
  int64_t begin, end, stride;
};

// Elements that it takes of `size`, as NumPy.
int64_t taken(const Part& p, int64_t size) {
  auto place = [&](int64_t v, int64_t lo, int64_t hi) {
    return std::clamp<int64_t>(v < 0 ? std::max<int64_t>(v, INT64_MIN / 2) + size : v, lo, hi);
  };
  if (p.stride > 0) {
    int64_t b = place(p.begin, 0, size), e = place(p.end, 0, size);
    return e > b ? (e - b - 1) / p.stride + 1 : 0;
  }
  int64_t b = place(p.begin, -1, size - 1), e = place(p.end, -1, size - 1);
  return b > e ? (b - e - 1) / -std::max<int64_t>(p.stride, INT32_MIN) + 1 : 0;
}

int32_t saturated(int64_t v) {
  return static_cast<int32_t>(std::clamp<int64_t>(v, INT32_MIN, INT32_MAX));
}

// By axis; the operands of opset 10 on, before that attributes.
std::optional<std::vector<int64_t>> slice_list(NodeImport& c, size_t i, const char* name,
                                               const std::vector<int64_t>& fallback) {
  if (c.opset() < 10) return c.attr_ints(name, fallback);
  return c.has(i) ? c.constant_ints(i) : fallback;
}

// Parts for all dimensions; nothing and an error when the operands do not fit.
std::optional<std::vector<Part>> slice_parts(NodeImport& c, int32_t rank) {
  auto starts = slice_list(c, 1, "starts", {}), ends = slice_list(c, 2, "ends", {});
  if (c.failed() || !starts || !ends) return std::nullopt;
  std::vector<int64_t> all, ones(starts->size(), 1);
  for (size_t i = 0; i < starts->size(); ++i) all.push_back(static_cast<int64_t>(i));
  auto axes = slice_list(c, 3, "axes", all), steps = slice_list(c, 4, "steps", ones);
  if (c.failed() || !axes || !steps) return std::nullopt;
  if (ends->size() != starts->size() || axes->size() != starts->size() ||
      steps->size() != starts->size()) {
    c.error("starts, ends, axes and steps differ in length");
    return std::nullopt;
  }
  std::vector<Part> parts(static_cast<size_t>(rank), Part{0, INT64_MAX, 1});
  for (size_t i = 0; i < starts->size(); ++i) {
    int32_t axis = c.axis((*axes)[i], rank);
    if (axis < 0) return std::nullopt;
    if ((*steps)[i] == 0) {
      c.error("a step of 0");
      return std::nullopt;
    }
    parts[static_cast<size_t>(axis)] = {(*starts)[i], (*ends)[i], (*steps)[i]};
  }
  return parts;
}

// The sizes of the parts where all are static and one is 0.
std::optional<std::vector<int64_t>> empty_result(const std::vector<Part>& parts,
                                                 const std::vector<Dim>& dims) {
  std::vector<int64_t> sizes;
  bool is_empty = false;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (!dims[i].is_static()) return std::nullopt;
    sizes.push_back(taken(parts[i], dims[i].max));
    is_empty = is_empty || sizes.back() == 0;
  }
  if (!is_empty) return std::nullopt;
  return sizes;
}

// x[.., :size, ..] of a dynamic size; false when it is another slice.
bool define_first(NodeImport& c) {
  if (c.opset() < 10 || c.is_empty(0)) return false;
  auto starts = size_elements(c, 1), ends = size_elements(c, 2);
  if (!starts || !ends || ends->size() != 1 || ends->front().kind != Element::Kind::size)
    return false;
  const auto steps = c.has(4) ? size_elements(c, 4) : std::vector{Element::of(1)};
  const auto axes = c.has(3) ? size_elements(c, 3) : std::vector{Element::of(0)};
  if (*starts != std::vector{Element::of(0)} || steps != std::vector{Element::of(1)}) return false;
  if (!axes || axes->size() != 1 || !axes->front().is_number()) return false;
  ir::ValueId x = c.input(0);
  int32_t axis = c.failed() ? -1 : c.axis(axes->front().number, c.rank(x));
  if (axis < 0) return true;
  if (c.importer().shape_values().size(x, axis) == ends->front()) {
    c.define_as(0, 0);
    return true;
  }
  const Type type = c.type(x);
  ir::ValueId places = counting(c, ends->front().symbol, Type::int32);
  c.emit(op_code::gather, GatherAttrs{axis, 0}, {x, places}, type);
  return true;
}

// Sizes of the parts of a split; nothing and an error when they do not fit `dim`.
std::optional<std::vector<int64_t>> split_sizes(NodeImport& c, Dim dim, size_t outputs) {
  std::vector<int64_t> sizes = c.attr_ints("split");
  const size_t operand = 1;
  if (sizes.empty() && c.has(operand)) {
    auto list = c.constant_ints(operand);
    if (!list) return std::nullopt;
    sizes = *list;
  }
  if (!dim.is_static() && (sizes.empty() || sizes.size() != outputs)) {
    c.error("the size of the axis that is split is dynamic", "give the inputs a static shape");
    return std::nullopt;
  }
  if (sizes.empty()) {
    const auto n = static_cast<int64_t>(outputs);
    const int64_t each = (dim.max + n - 1) / n;
    for (int64_t i = 0; i < n; ++i) sizes.push_back(std::min(each, dim.max - i * each));
  }
  int64_t total = 0;
  bool fits = sizes.size() == outputs;
  for (int64_t s : sizes) {
    fits = fits && s >= 1 && s <= dim.max;
    if (fits) total += s;
  }
  if (fits && total >= dim.min && total <= dim.max) return sizes;
  c.error("the parts do not add up to the size of the axis, or one has no elements");
  return std::nullopt;
}

// Indices count from the end where they are negative.
ir::ValueId from_the_front(NodeImport& c, ir::ValueId indices, Dim size) {
  const Type type = c.type(indices);
  auto scalar = [&](int64_t n) {
    return type == Type::int32 ? c.build().constant(c.where() + "/size", type, {},
                                                    std::vector<int32_t>{saturated(n)})
                               : c.int_constant({n}, {});
  };
  CompareAttrs less{};
  less.kind = kMoteLess;
  ir::ValueId is_negative =
      c.build().node(op_code::compare, less, {indices, scalar(0)}, Type::boolean);
  ir::ValueId moved =
      c.build().node(op_code::add, BinaryAttrs{}, {indices, scalar(size.max)}, type);
  return c.build().node(op_code::select, {is_negative, moved, indices}, type);
}

// Constant indices as they are or, where one is negative, counted from the front; kNone and an
// error when one is out of range.
ir::ValueId constant_indices(NodeImport& c, ir::ValueId indices, Dim size) {
  auto list = c.constant_ints(1);
  if (!list) return ir::kNone;
  bool has_negative = false;
  for (int64_t& index : *list) {
    if (index < -int64_t{size.max} || index >= size.max) {
      c.error("index " + std::to_string(index) + " of an axis of size " + std::to_string(size.max));
      return ir::kNone;
    }
    has_negative = has_negative || index < 0;
    if (index < 0) index += size.max;
  }
  if (!has_negative) return indices;
  if (!size.is_static()) {
    c.error("negative indices into an axis of dynamic size", "give the inputs a static shape");
    return ir::kNone;
  }
  std::vector<int32_t> dims;
  for (int i = 0; i < c.rank(indices); ++i) dims.push_back(c.shape(indices).dims[i].max);
  return c.int_constant(*list, dims);
}

}  // namespace

void import_transpose(NodeImport& c) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  const int32_t rank = c.rank(x);
  std::vector<int64_t> reversed;
  for (int32_t i = rank; i-- > 0;) reversed.push_back(i);
  std::vector<int64_t> permutation = c.attr_ints("perm", reversed);
  if (permutation.size() != static_cast<size_t>(rank))
    return c.error("a permutation of " + std::to_string(permutation.size()) + " dimensions for " +
                   ir::shape_text(c.shape(x)));
  TransposeAttrs a{};
  for (int64_t p : permutation) {
    int32_t axis = c.axis(p, rank);
    if (axis < 0) return;
    a.permutation[a.count++] = axis;
  }
  c.emit(op_code::transpose, a, {x}, c.type(x));
}

void import_concat(NodeImport& c) {
  std::vector<ir::ValueId> parts;
  for (size_t i = 0; i < c.input_count(); ++i)
    if (!c.is_empty(i)) parts.push_back(c.input(i));
  if (c.failed()) return;
  if (parts.empty() && c.input_count() > 0) return c.define_as(0, 0);
  if (parts.empty()) return c.error("there are no inputs");
  // Up to opset 3 the axis had a default.
  int32_t axis = c.axis(c.attr_int("axis", 1), c.rank(parts[0]));
  if (axis < 0) return;
  if (parts.size() == 1) return c.define(0, parts[0]);
  Type type = c.type(parts[0]);
  c.emit(op_code::concat, ConcatAttrs{axis, kMoteActivationNone}, parts, type);
}

void import_split(NodeImport& c) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  if (c.rank(x) == 0) return c.error("a scalar is split");
  int32_t axis = c.axis(c.attr_int("axis", 0), c.rank(x));
  if (axis < 0) return;
  auto sizes = split_sizes(c, c.shape(x).dims[axis], c.output_count());
  if (!sizes) return;
  int64_t begin = 0;
  for (size_t i = 0; i < sizes->size(); ++i) {
    if (c.has_output(i)) c.define(i, c.slice_axis(x, axis, begin, begin + (*sizes)[i]));
    begin += (*sizes)[i];
  }
}

void import_slice(NodeImport& c) {
  std::vector<Dim> dims;
  if (define_first(c) || define_moving(c)) return;
  if (c.is_empty(0)) {
    const auto static_dims = c.static_dims(0);
    for (int64_t d : *static_dims) dims.push_back({saturated(d), saturated(d)});
  } else {
    ir::ValueId x = c.input(0);
    if (c.failed()) return;
    dims.assign(c.shape(x).dims, c.shape(x).dims + c.rank(x));
  }
  auto parts = slice_parts(c, static_cast<int32_t>(dims.size()));
  if (!parts) return;
  if (auto sizes = empty_result(*parts, dims))
    return c.define_empty(0, c.is_empty(0) ? Type::int64 : c.type(c.input(0)), *sizes);
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  StridedSliceAttrs a{};
  for (const Part& p : *parts) {
    a.begin[a.count] = saturated(p.begin);
    a.end[a.count] = saturated(p.end);
    a.strides[a.count++] = saturated(p.stride);
  }
  c.emit(op_code::strided_slice, a, {x}, c.type(x));
}

void import_gather(NodeImport& c) {
  ir::ValueId x = c.input(0), indices = c.input(1);
  if (c.failed()) return;
  int32_t axis = c.axis(c.attr_int("axis", 0), c.rank(x));
  if (axis < 0) return;
  const Dim size = c.shape(x).dims[axis];
  const Type type = c.type(x);
  // One index counts from the end also where the size is dynamic.
  if (c.is_constant(indices) && c.rank(indices) == 0 && !size.is_static()) {
    auto index = c.constant_int(1);
    if (!index) return;
    StridedSliceAttrs a{};
    a.count = axis + 1;
    for (int i = 0; i <= axis; ++i) a.strides[i] = 1;
    a.begin_mask = a.end_mask = (1u << axis) - 1;
    a.begin[axis] = saturated(*index);
    a.shrink_mask = 1u << axis;
    return c.emit(op_code::strided_slice, a, {x}, type);
  }
  if (c.is_constant(indices))
    indices = constant_indices(c, indices, size);
  else if (size.is_static())
    indices = from_the_front(c, indices, size);
  if (!c.failed()) c.emit(op_code::gather, GatherAttrs{axis, 0}, {x, indices}, type);
}

}  // namespace mote::onnx_import
