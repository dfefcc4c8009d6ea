// SHAPE, RANK, FILL, RANGE, BROADCAST_TO, BROADCAST_ARGS.
#include <algorithm>
#include <cmath>

#include "import/tflite/steps.h"

namespace mote::tflite_import {
namespace {

// The output, of int32 or int64, as a constant.
void define_ints(OpImport& c, const std::vector<int64_t>& elements, const ShapeBounds& shape) {
  int32_t t = c.output_tensor(0);
  ir::ValueId y = c.output();
  if (c.failed()) return;
  Type type = c.value(y).type;
  if (type != Type::int32 && type != Type::int64)
    return c.error("the result must be int32 or int64", "", t);
  ir::Bytes bytes(elements.size() * type_bytes(type));
  for (size_t i = 0; i < elements.size(); ++i) {
    auto narrow = static_cast<int32_t>(elements[i]);
    if (type == Type::int64) memcpy(bytes.data() + 8 * i, &elements[i], 8);
    if (type == Type::int32) memcpy(bytes.data() + 4 * i, &narrow, 4);
  }
  c.importer().make_constant(y, shape, std::move(bytes));
}

// The one element of a constant operand.
std::optional<double> constant_number(OpImport& c, size_t i) {
  ir::ValueId v = c.input(i);
  if (c.failed()) return std::nullopt;
  const ir::Value& x = c.value(v);
  if (x.kind == TensorKind::constant && x.shape.max().elements() == 1) {
    if (x.type == Type::float32) return x.as<float>()[0];
    if (x.type == Type::int32) return x.as<int32_t>()[0];
    if (x.type == Type::int64) return static_cast<double>(x.as<int64_t>()[0]);
  }
  c.error("input " + std::to_string(i) + " must be one constant number",
          "fold shape arithmetic when exporting the model", c.input_tensor(i));
  return std::nullopt;
}

template <class T>
ir::Bytes arithmetic_series(double start, double delta, size_t count) {
  ir::Bytes bytes(count * sizeof(T));
  for (size_t i = 0; i < count; ++i) {
    // Floats as the format's own kernel: a running sum.
    auto v = static_cast<T>(start);
    memcpy(bytes.data() + i * sizeof(T), &v, sizeof v);
    start = static_cast<double>(static_cast<T>(start + delta));
  }
  return bytes;
}

}  // namespace

void import_shape(OpImport& c) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  ShapeBounds shape = c.value(x).shape;
  if (shape.rank == 0) return c.error("the shape of a scalar has no element");
  if (!shape.is_static()) {
    ir::ValueId y = c.output();
    if (!c.failed()) c.emit(op_code::shape_of, {x}, y);
    return;
  }
  const Shape sizes = shape.max();
  define_ints(c, {sizes.dims, sizes.dims + sizes.rank}, ir::shape_of({sizes.rank}));
}

void import_rank(OpImport& c) {
  ir::ValueId x = c.input(0);
  if (!c.failed()) define_ints(c, {c.value(x).shape.rank}, {});
}

// The value repeated.
void import_fill(OpImport& c) {
  auto dims = c.constant_ints(0);
  ir::ValueId x = c.input(1);
  if (c.failed()) return;
  if (dims->size() > kMaxRank) return c.error("a shape of more than 8 dimensions");
  if (c.value(x).shape.max().elements() != 1) return c.error("the value must be one element");
  x = c.reshaped(x, std::vector<int32_t>(dims->size(), 1), "/one");
  ir::ValueId y = x == ir::kNone ? x : c.output();
  if (!c.failed()) c.emit(op_code::tile, multiples_of(*dims), {x}, y);
}

void import_range(OpImport& c) {
  auto start = constant_number(c, 0), limit = constant_number(c, 1), delta = constant_number(c, 2);
  if (c.failed()) return;
  double count = std::ceil((*limit - *start) / *delta);
  if (!(count >= 1)) return c.error("the range has no elements", "sizes are at least 1");
  if (count > INT32_MAX || !c.importer().source().visit(static_cast<uint64_t>(count)))
    return c.error("the range has more elements than the file has bytes");
  ir::ValueId y = c.output();
  if (c.failed()) return;
  auto n = static_cast<size_t>(count);
  ShapeBounds shape = ir::shape_of({static_cast<int32_t>(n)});
  switch (c.value(y).type) {
    case Type::float32:
      return c.importer().make_constant(y, shape, arithmetic_series<float>(*start, *delta, n));
    case Type::int32:
      return c.importer().make_constant(y, shape, arithmetic_series<int32_t>(*start, *delta, n));
    case Type::int64:
      return c.importer().make_constant(y, shape, arithmetic_series<int64_t>(*start, *delta, n));
    default:
      c.error("a range of this element type is not supported");
  }
}

void import_broadcast_to(OpImport& c) {
  ir::ValueId x = c.input(0);
  auto dims = c.constant_ints(1);
  if (c.failed()) return;
  ShapeBounds shape = c.value(x).shape;
  auto rank = static_cast<int32_t>(dims->size());
  if (rank > kMaxRank || rank < shape.rank)
    return c.error("rank " + std::to_string(shape.rank) + " as rank " + std::to_string(rank));
  std::vector<Dim> aligned(static_cast<size_t>(rank - shape.rank), Dim{});
  aligned.insert(aligned.end(), shape.dims, shape.dims + shape.rank);
  std::vector<int64_t> multiples(*dims);
  for (size_t i = 0; i < aligned.size(); ++i) {
    if (aligned[i].max == 1) continue;
    if (!aligned[i].is_static() || aligned[i].max != multiples[i])
      return c.error("dimension " + std::to_string(i) + " cannot become " +
                     std::to_string(multiples[i]));
    multiples[i] = 1;
  }
  auto target = c.reshape_dims(shape, aligned);
  if (target && rank > shape.rank) x = c.reshaped(x, *target, "/ranked");
  ir::ValueId y = c.failed() ? ir::kNone : c.output();
  if (!c.failed()) c.emit(op_code::tile, multiples_of(multiples), {x}, y);
}

void import_broadcast_args(OpImport& c) {
  auto a = c.constant_ints(0), b = c.constant_ints(1);
  if (c.failed()) return;
  if (a->size() < b->size()) std::swap(*a, *b);
  if (a->empty()) return c.error("the shape of scalars has no element");
  for (size_t i = 1; i <= b->size(); ++i) {
    int64_t &to = (*a)[a->size() - i], from = (*b)[b->size() - i];
    if (to != from && to != 1 && from != 1)
      return c.error("sizes " + std::to_string(to) + " and " + std::to_string(from));
    to = std::max(to, from);
  }
  define_ints(c, *a, ir::shape_of({static_cast<int32_t>(a->size())}));
}

}  // namespace mote::tflite_import
