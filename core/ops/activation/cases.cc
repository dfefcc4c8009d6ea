#include <cmath>

#include "ops/case.h"

namespace mote::test {
namespace {

double clamp(double v, double lo, double hi) { return v < lo ? lo : v > hi ? hi : v; }

double real(int32_t kind, double x) {
  switch (kind) {
    case kMoteRelu:
      return clamp(x, 0, HUGE_VAL);
    case kMoteRelu6:
      return clamp(x, 0, 6);
    case kMoteReluN1To1:
      return clamp(x, -1, 1);
    case kMoteSigmoid:
      return 1 / (1 + std::exp(-x));
    default:
      return std::tanh(x);
  }
}

// NUMERICS.md (7.8). The kernel takes any table; these are what a converter would write.
std::vector<int8_t> table_of(int32_t kind, const ir::Quantization& x, const ir::Quantization& y) {
  std::vector<int8_t> table;
  for (int q = -128; q <= 127; ++q) {
    double r = (q - x.zero_points[0]) * static_cast<double>(x.scales[0]);
    double v = std::nearbyint(real(kind, r) / static_cast<double>(y.scales[0]));
    table.push_back(static_cast<int8_t>(clamp(v + y.zero_points[0], -128, 127)));
  }
  return table;
}

std::vector<int32_t> draw_shape(CaseList& list, int i) {
  return i % 8 == 7 ? std::vector<int32_t>{3, 3001} : list.shape(list.integer(1, 6), 5);
}

void add_f32(CaseList& list, int i) {
  ActivationAttrs attrs{i % 5};
  double size = i % 3 == 0 ? 100 : 8;
  Operand x = list.f32(draw_shape(list, i), -size, size);
  Case& c = list.add(op_code::activation, attrs, {x}, {list.f32({})});
  if (attrs.kind <= kMoteReluN1To1) c.tolerance = 0;
}

void add_s8(CaseList& list, int i) {
  ActivationAttrs attrs{i % 5};
  ir::Quantization qx = list.per_tensor(), qy = list.per_tensor();
  Operand x = list.s8(draw_shape(list, i), qx);
  if (i % 8 == 5) x.fill = Fill::extreme;
  Operand table = list.given(Type::int8, {256}, table_of(attrs.kind, qx, qy));
  list.add(op_code::activation, attrs, {x, table}, {list.s8({}, qy)});
}

}  // namespace

void activation_cases(CaseList& list) {
  for (int i = 0; i < 65; ++i) add_f32(list, i);
  for (int i = 0; i < 65; ++i) add_s8(list, i);
  Operand special = list.given<float>(
      Type::float32, {10},
      {NAN, INFINITY, -INFINITY, -0.0f, 0.0f, 6.0f, 0x1p-140f, -0x1p-140f, 3e38f, -3e38f});
  for (int32_t kind = kMoteRelu; kind <= kMoteTanh; ++kind)
    list.add(op_code::activation, ActivationAttrs{kind}, {special}, {list.f32({})});
}

}  // namespace mote::test
