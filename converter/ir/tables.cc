#include "ir/tables.h"

#include <algorithm>
#include <cmath>

#include "base/requantize.h"
#include "ops/attributes.h"

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
    default:
      return {};
  }
}

double function_of(int32_t kind, double r) {
  if (kind == kMoteSigmoid) return 1.0 / (1.0 + std::exp(-r));
  if (kind == kMoteTanh) return std::tanh(r);
  return r;
}

}  // namespace

std::vector<int8_t> activation_table(int32_t kind, const Quantization& in,
                                     const Quantization& out) {
  double s_in = in.scales[0], s_out = out.scales[0];
  int32_t z_in = in.zero_points[0], z_out = out.zero_points[0];
  Bounds bounds = bounds_of(kind, out.scales[0], z_out);
  std::vector<int8_t> table(256);
  for (int k = 0; k < 256; ++k) {
    double v = std::nearbyint(function_of(kind, (k - 128 - z_in) * s_in) / s_out) + z_out;
    table[static_cast<size_t>(k)] =
        static_cast<int8_t>(std::clamp<double>(v, bounds.lo, bounds.hi));
  }
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
