#include <cmath>

#include "ops/math/functions.h"
#include "ops/pair_cases.h"

namespace mote::test {
namespace {

struct Interval {
  double low, high;
};
// Where the function is defined and neither overflows nor multiplies the last bit by more than 10.
Interval domain(int32_t kind) {
  switch (kind) {
    case kMoteLog:
    case kMoteSqrt:
    case kMoteRsqrt:
      return {0.01, 100};
    case kMoteReciprocal:
      return {0.05, 9};
    case kMoteTan:
      return {-1.4, 1.4};
    case kMoteAsin:
    case kMoteAcos:
    case kMoteAtanh:
      return {-0.99, 0.99};
    case kMoteAcosh:
      return {1.01, 50};
    case kMoteExp:
    case kMoteSinh:
    case kMoteCosh:
      return {-6, 6};
    default:
      return {-9, 9};
  }
}

std::vector<int32_t> draw_shape(CaseList& list, int i) {
  return i % 8 == 7 ? std::vector<int32_t>{3, 3001} : list.shape(list.integer(0, 6), 5);
}

bool is_exact(int32_t kind) {
  return kind <= kMoteSign || kind == kMoteSquare || kind >= kMoteFloor;
}

// NUMERICS.md (18.8). The kernel takes any table; these are what a converter would write.
std::vector<int8_t> table_of(int32_t kind, const ir::Quantization& x, const ir::Quantization& y) {
  std::vector<int8_t> table;
  with_math_function<double>(kind, [&](auto f) {
    for (int q = -128; q <= 127; ++q) {
      double v = std::nearbyint(f((q - x.zero_points[0]) * double{x.scales[0]}) / y.scales[0]);
      v += y.zero_points[0];
      table.push_back(static_cast<int8_t>(!(v > -128) ? -128 : v > 127 ? 127 : v));
    }
  });
  return table;
}

void add_s8(CaseList& list, int i) {
  MathAttrs attrs{i % kMoteIsNan};
  ir::Quantization qx = list.per_tensor(), qy = list.per_tensor();
  Operand x = list.s8(draw_shape(list, i), qx);
  if (i % 8 == 5) x.fill = Fill::extreme;
  Operand table = list.given(Type::int8, {256}, table_of(attrs.kind, qx, qy));
  list.add(op_code::math, attrs, {x, table}, {list.s8({}, qy)});
}

}  // namespace

void math_cases(CaseList& list) {
  for (int i = 0; i < 4 * kMoteIsNan; ++i) {
    MathAttrs attrs{i % kMoteIsNan};
    Interval in = domain(attrs.kind);
    Case& c = list.add(op_code::math, attrs, {list.f32(draw_shape(list, i), in.low, in.high)},
                       {result(Type::float32)});
    if (is_exact(attrs.kind)) c.tolerance = 0;
  }
  for (int i = 0; i < 75; ++i) add_s8(list, i);
  for (Type type : {Type::int32, Type::int64})
    for (int i = 0; i < 20; ++i)
      for (int32_t kind : {kMoteAbs, kMoteNeg, kMoteSign, kMoteSquare}) {
        Operand x = i % 2 == 0 ? wide(list, type, draw_shape(list, i))
                               : list.ints(type, draw_shape(list, i), -2, 2);
        if (i == 18) x.fill = Fill::extreme;
        list.add(op_code::math, MathAttrs{kind}, {x}, {result(type)});
      }
  const std::vector<float> ends = {NAN,  INFINITY, -INFINITY, -0.0f,      0.0f,  0.5f, -0.5f, 1.5f,
                                   2.5f, -2.5f,    0x1p-140f, -0x1p-140f, 3e38f, 1,    -1};
  for (int32_t kind = kMoteAbs; kind <= kMoteIsInf; ++kind) {
    bool test = kind >= kMoteIsNan;
    list.add(op_code::math, MathAttrs{kind}, {special(list, {15}, ends)},
             {result(test ? Type::boolean : Type::float32)});
    for (int i = 0; test && i < 8; ++i)
      list.add(op_code::math, MathAttrs{kind}, {list.f32(draw_shape(list, i))},
               {result(Type::boolean)});
  }
}

}  // namespace mote::test
