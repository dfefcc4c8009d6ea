// SHAPE, RANK, FILL, RANGE, BROADCAST_TO, BROADCAST_ARGS.
#include <algorithm>
#include <cmath>

#include "import/series.h"
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

// The one element of a constant operand, by its type.
struct Number {
  double real = 0;      // of float32
  int64_t integer = 0;  // of the other types
};

std::optional<Number> constant_number(OpImport& c, size_t i, Type type) {
  ir::ValueId v = c.input(i);
  if (c.failed()) return std::nullopt;
  const ir::Value& x = c.value(v);
  if (x.kind == TensorKind::constant && x.type == type && x.shape.max().elements() == 1) {
    if (type == Type::float32) return Number{static_cast<double>(x.as<float>()[0]), 0};
    if (type == Type::int32) return Number{0, x.as<int32_t>()[0]};
    if (type == Type::int64) return Number{0, x.as<int64_t>()[0]};
  }
  c.error("input " + std::to_string(i) + " must be one constant number of the result's type",
          "fold shape arithmetic when exporting the model", c.input_tensor(i));
  return std::nullopt;
}

// As the format's own kernel: a running sum.
ir::Bytes float_series(double start, double delta, size_t count) {
  ir::Bytes bytes(count * sizeof(float));
  for (size_t i = 0; i < count; ++i) {
    auto v = static_cast<float>(start);
    memcpy(bytes.data() + i * sizeof v, &v, sizeof v);
    start = static_cast<double>(static_cast<float>(start + delta));
  }
  return bytes;
}

template <class T>
ir::Bytes integer_series(int64_t start, int64_t delta, size_t count) {
  ir::Bytes bytes(count * sizeof(T));
  for (size_t i = 0; i < count; ++i) {
    auto v = static_cast<T>(series_element(start, delta, i));
    memcpy(bytes.data() + i * sizeof v, &v, sizeof v);
  }
  return bytes;
}

double length_of(const Number& start, const Number& limit, const Number& delta, Type type) {
  if (type == Type::float32) return std::ceil((limit.real - start.real) / delta.real);
  if (delta.integer == 0) return 0;
  return static_cast<double>(series_length(start.integer, limit.integer, delta.integer));
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
  ir::ValueId y = c.output();
  if (c.failed()) return;
  const Type type = c.value(y).type;
  auto start = constant_number(c, 0, type), limit = constant_number(c, 1, type),
       delta = constant_number(c, 2, type);
  if (c.failed()) return;
  double count = length_of(*start, *limit, *delta, type);
  if (!(count >= 1)) return c.error("the range has no elements", "sizes are at least 1");
  if (count > INT32_MAX || !c.importer().source().visit(static_cast<uint64_t>(count)))
    return c.error("the range has more elements than the file has bytes");
  auto n = static_cast<size_t>(count);
  ir::Bytes bytes = type == Type::float32 ? float_series(start->real, delta->real, n)
                    : type == Type::int32
                        ? integer_series<int32_t>(start->integer, delta->integer, n)
                        : integer_series<int64_t>(start->integer, delta->integer, n);
  c.importer().make_constant(y, ir::shape_of({static_cast<int32_t>(n)}), std::move(bytes));
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
