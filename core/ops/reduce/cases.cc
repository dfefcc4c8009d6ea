#include <cmath>

#include "ops/case.h"

namespace mote::test {
namespace {

ReduceAttrs draw_axes(CaseList& list, int32_t rank) {
  ReduceAttrs a{};
  a.keep_dims = list.integer(0, 1);
  int32_t needed = list.integer(0, rank - 1);  // at least this one
  for (int32_t d = 0; d < rank; ++d)
    if (d == needed || list.integer(0, 2) == 0) a.axes[a.axis_count++] = d;
  return a;
}

double terms_of(const ReduceAttrs& a, const std::vector<int32_t>& shape) {
  double terms = 1;
  for (int i = 0; i < a.axis_count; ++i) terms *= shape[static_cast<size_t>(a.axes[i])];
  return terms;
}

// The output's scale follows the number of terms, so that sums do not all saturate.
void add_quantized(CaseList& list, ReduceAttrs a, const std::vector<int32_t>& shape, bool extreme) {
  double terms = terms_of(a, shape);
  Operand x = list.s8(shape, list.per_tensor());
  if (extreme) x.fill = Fill::extreme;
  ir::Quantization y = x.quantization;
  double spread = a.kind == kMoteReduceSum ? std::sqrt(terms) : 1 / std::sqrt(terms);
  y.scales = {static_cast<float>(y.scales[0] * spread * list.real(0.5f, 4))};
  y.zero_points = {list.integer(-128, 127)};
  if (list.integer(0, 3) == 0) a.requantize_scale = list.real(0.01f, 1) / static_cast<float>(terms);
  list.add(op_code::reduce, a, {x}, {list.s8({}, y)});
}

void add_case(CaseList& list, Type type, ReduceAttrs a, const std::vector<int32_t>& shape,
              bool extreme) {
  if (type == Type::int8) return add_quantized(list, a, shape, extreme);
  if (type == Type::float32) {
    Case& c = list.add(op_code::reduce, a, {list.f32(shape)}, {list.f32({})});
    // Orders of summation differ by about epsilon per term, of values up to 1 (NUMERICS.md, 6.1).
    double error = terms_of(a, shape) * 0x1p-23;
    if (a.kind == kMoteReduceSum && error > c.tolerance) c.tolerance = error;
    return;
  }
  Operand x = list.ints(type, shape, -1000, 1000);
  if (extreme) x.fill = Fill::extreme;  // sums wrap
  list.add(op_code::reduce, a, {x}, {list.ints(type, {}, 0, 0)});
}

// Kinds other than sum and mean, of the types that have them.
void add_folds(CaseList& list, Type type, const std::vector<int32_t>& kinds) {
  auto add = [&](int32_t kind, ReduceAttrs a, const std::vector<int32_t>& shape) {
    a.kind = kind;
    Operand x = type == Type::float32 ? list.f32(shape, kind == kMoteReduceLogSum ? 0.01 : -2, 2)
                : type == Type::int8  ? list.s8(shape, list.per_tensor())
                                      : list.ints(type, shape, 0, 1);
    if (type == Type::int32 || type == Type::int64) x = list.ints(type, shape, -1000, 1000);
    if (kind >= kMoteReduceAny && list.coin()) x.high = 0;
    Case& c = list.add(op_code::reduce, a, {x}, {x});
    // As for sums: terms up to 4.
    c.tolerance = std::fmax(c.tolerance, terms_of(a, shape) * 0x1p-21);
  };
  for (int32_t kind : kinds) {
    for (int i = 0; i < 30; ++i) {
      int32_t rank = list.integer(1, 6);
      ReduceAttrs a = draw_axes(list, rank);
      add(kind, a, list.shape(rank, rank == 1 ? 500 : 7));
    }
    ReduceAttrs a{};
    a.axis_count = 1;
    add(kind, a, {9, 700});  // rows of many neighbours
    a.axes[0] = 1;
    add(kind, a, {3, 900});
    add(kind, a, {7, 60, 300});
  }
}

}  // namespace

void reduce_cases(CaseList& list) {
  for (Type type : {Type::float32, Type::int8, Type::int32, Type::int64}) {
    bool real = type == Type::float32 || type == Type::int8;
    for (int i = 0; i < 72; ++i) {
      int32_t rank = list.integer(1, 6);
      ReduceAttrs a = draw_axes(list, rank);
      if (real) a.kind = list.integer(0, 1);
      add_case(list, type, a, list.shape(rank, rank == 1 ? 500 : 7), i % 8 == 7);
    }
    // Global pooling, the mean of rows, a sum of everything, and many outputs.
    ReduceAttrs a{};
    a.kind = real ? kMoteReduceMean : kMoteReduceSum;
    a.axis_count = 2;
    a.axes[0] = 1;
    a.axes[1] = 2;
    add_case(list, type, a, {2, 7, 7, 1280}, false);
    add_case(list, type, a, {1, 64, 33, 3}, true);
    add_case(list, type, a, {300, 5, 67}, false);
    a.axes[0] = 0;
    add_case(list, type, a, {40, 9, 50}, false);
    a.axes[1] = 1;
    add_case(list, type, a, {130, 513}, false);
    add_case(list, type, a, {3, 2, 40000}, false);
    // Few sums of many terms: of leading dimensions (gradients of biases), of everything, of rows
    // and columns around those that stay.
    add_case(list, type, a, {70, 50, 24}, false);
    add_case(list, type, a, {600, 200}, false);
    a.axes[1] = 2;
    add_case(list, type, a, {300, 5, 67}, false);
    add_case(list, type, a, {9, 5, 2000}, false);
  }
  add_folds(list, Type::float32,
            {kMoteReduceMax, kMoteReduceMin, kMoteReduceProd, kMoteReduceL1, kMoteReduceL2,
             kMoteReduceLogSum, kMoteReduceLogSumExp, kMoteReduceSumSquare});
  add_folds(list, Type::int8, {kMoteReduceMax, kMoteReduceMin});
  for (Type type : {Type::int32, Type::int64})
    add_folds(
        list, type,
        {kMoteReduceMax, kMoteReduceMin, kMoteReduceProd, kMoteReduceL1, kMoteReduceSumSquare});
  add_folds(list, Type::boolean, {kMoteReduceAny, kMoteReduceAll});
}

}  // namespace mote::test
