#include "ir/tables.h"

#include <algorithm>
#include <cmath>

#include "base/requantize.h"
#include "ops/activation/functions.h"
#include "ops/attributes.h"
#include "ops/math/functions.h"

namespace mote::ir {
namespace {

constexpr int kLo = -128, kHi = 127;

struct Bounds {
  int32_t lo = kLo, hi = kHi;
};

// (2.4)
Bounds bounds_of(int32_t kind, float scale, int32_t zero_point) {
  auto bound = [&](float real) { return quantized_bound(real, scale, zero_point, kLo, kHi); };
  switch (kind) {
    case kMoteRelu:
      return {bound(0), kHi};
    case kMoteRelu6:
      return {bound(0), bound(6)};
    case kMoteReluN1To1:
      return {bound(-1), bound(1)};
    case kMoteRelu0To1:
      return {bound(0), bound(1)};
    default:
      return {};
  }
}

// table[k] for the real input of every stored value k - 128; `f` may give NaN or infinity.
template <class F>
std::vector<int8_t> table_of(const Quantization& in, const Quantization& out, Bounds bounds, F f) {
  double s_in = in.scales[0], s_out = out.scales[0];
  int32_t z_in = in.zero_points[0], z_out = out.zero_points[0];
  std::vector<int8_t> table(256);
  for (int k = 0; k < 256; ++k) {
    double v = std::nearbyint(f((k - 128 - z_in) * s_in) / s_out) + z_out;
    v = v > bounds.lo ? v : bounds.lo;
    table[static_cast<size_t>(k)] = static_cast<int8_t>(v < bounds.hi ? v : bounds.hi);
  }
  return table;
}

}  // namespace

std::vector<int8_t> activation_table(const ActivationAttrs& attrs, const Quantization& in,
                                     const Quantization& out) {
  std::vector<int8_t> table;
  Bounds bounds = bounds_of(attrs.kind, out.scales[0], out.zero_points[0]);
  if (attrs.kind == kMoteClip) {
    double lo = attrs.alpha, hi = attrs.beta;
    return table_of(in, out, bounds, [=](double x) { return std::min(std::max(x, lo), hi); });
  }
  with_activation_function<double>(attrs, [&](auto f) { table = table_of(in, out, bounds, f); });
  return table;
}

std::vector<int8_t> math_table(int32_t kind, const Quantization& in, const Quantization& out) {
  std::vector<int8_t> table;
  with_math_function<double>(kind, [&](auto f) { table = table_of(in, out, Bounds{}, f); });
  return table;
}

std::vector<int32_t> softmax_table(float scale, float beta) {
  std::vector<int32_t> table(256);
  for (int k = 0; k < 256; ++k) {
    double e = std::exp(-(k * static_cast<double>(scale)) * static_cast<double>(beta));
    table[static_cast<size_t>(k)] = static_cast<int32_t>(std::nearbyint(e * 0x1p23));
  }
  return table;
}

std::vector<float> requantize_scales(const Quantization& x, const Quantization& weights,
                                     const Quantization& out) {
  std::vector<float> scales;
  for (float s : weights.scales) {
    float product = x.scales[0] * s;
    scales.push_back(product / out.scales[0]);
  }
  return scales;
}

}  // namespace mote::ir
