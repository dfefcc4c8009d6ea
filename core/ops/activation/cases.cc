#include <cmath>

#include "ops/activation/functions.h"
#include "ops/case.h"

namespace mote::test {
namespace {

constexpr int32_t kKinds = kMoteShrink + 1;

double clamp(double v, double lo, double hi) { return v < lo ? lo : v > hi ? hi : v; }

// Parameters near those of the models that have them.
ActivationAttrs draw_attributes(CaseList& list, int32_t kind) {
  switch (kind) {
    case kMoteClip:
      return {kind, list.real(-3, 0), list.real(0, 3)};
    case kMoteLeakyRelu:
      return {kind, list.real(-0.5f, 1.5f), 0};
    case kMoteElu:
    case kMoteCelu:
      return {kind, list.real(0.25f, 2), 0};
    case kMoteSelu:
      return {kind, list.real(1, 2), list.real(0.5f, 2)};
    case kMoteThresholdedRelu:
      return {kind, list.real(-1, 2), 0};
    case kMoteHardSigmoid:
      return {kind, list.real(0.1f, 0.5f), list.real(0.25f, 0.75f)};
    case kMoteShrink:
      return {kind, list.real(0, 2), list.real(-1, 1)};
    default:
      return {kind, 0, 0};
  }
}

double real(const ActivationAttrs& attrs, double x) {
  switch (attrs.kind) {
    case kMoteRelu:
      return clamp(x, 0, HUGE_VAL);
    case kMoteRelu6:
      return clamp(x, 0, 6);
    case kMoteReluN1To1:
      return clamp(x, -1, 1);
    case kMoteRelu0To1:
      return clamp(x, 0, 1);
    case kMoteClip:
      return clamp(x, attrs.alpha, attrs.beta);
    default: {
      double y = 0;
      with_activation_function<double>(attrs, [&](auto f) { y = f(x); });
      return y;
    }
  }
}

// NUMERICS.md (7.8). The kernel takes any table; these are what a converter would write.
std::vector<int8_t> table_of(const ActivationAttrs& attrs, const ir::Quantization& x,
                             const ir::Quantization& y) {
  std::vector<int8_t> table;
  for (int q = -128; q <= 127; ++q) {
    double r = (q - x.zero_points[0]) * static_cast<double>(x.scales[0]);
    double v = std::nearbyint(real(attrs, r) / static_cast<double>(y.scales[0]));
    table.push_back(static_cast<int8_t>(clamp(v + y.zero_points[0], -128, 127)));
  }
  return table;
}

std::vector<int32_t> draw_shape(CaseList& list, int i) {
  return i % 8 == 7 ? std::vector<int32_t>{3, 3001} : list.shape(list.integer(1, 6), 5);
}

bool is_clamp(int32_t kind) {
  return kind <= kMoteReluN1To1 || kind == kMoteRelu0To1 || kind == kMoteClip;
}

void add_f32(CaseList& list, int i) {
  ActivationAttrs attrs = draw_attributes(list, i % kKinds);
  double size = i % 3 == 0 ? 100 : 8;
  Operand x = list.f32(draw_shape(list, i), -size, size);
  Case& c = list.add(op_code::activation, attrs, {x}, {list.f32({})});
  if (is_clamp(attrs.kind)) c.tolerance = 0;
}

void add_s8(CaseList& list, int i) {
  ActivationAttrs attrs = draw_attributes(list, i % kKinds);
  ir::Quantization qx = list.per_tensor(), qy = list.per_tensor();
  Operand x = list.s8(draw_shape(list, i), qx);
  if (i % 8 == 5) x.fill = Fill::extreme;
  Operand table = list.given(Type::int8, {256}, table_of(attrs, qx, qy));
  list.add(op_code::activation, attrs, {x, table}, {list.s8({}, qy)});
}

}  // namespace

void activation_cases(CaseList& list) {
  for (int i = 0; i < 105; ++i) add_f32(list, i);
  for (int i = 0; i < 105; ++i) add_s8(list, i);
  Operand special = list.given<float>(
      Type::float32, {10},
      {NAN, INFINITY, -INFINITY, -0.0f, 0.0f, 6.0f, 0x1p-140f, -0x1p-140f, 3e38f, -3e38f});
  for (int32_t kind = 0; kind < kKinds; ++kind)
    list.add(op_code::activation, draw_attributes(list, kind), {special}, {list.f32({})});
  // No bound on one side, and the bounds equal.
  for (auto [lo, hi] : {std::pair(-INFINITY, 1.0f), {-1.0f, INFINITY}, {0.5f, 0.5f}})
    list.add(op_code::activation, ActivationAttrs{kMoteClip, lo, hi}, {special}, {list.f32({})})
        .tolerance = 0;
}

}  // namespace mote::test
