#include "quantize/scales.h"

#include <algorithm>
#include <cmath>

namespace mote {
namespace {

constexpr double kSteps = 255;            // between the 256 values of int8
constexpr float kScaleOfZeros = 0x1p-7f;  // any would do; this one covers [-1, 1)
// Half of what the bias may reach (8.1): training may let it grow.
constexpr double kBiasSteps = 0x1p29;
constexpr double kAccumulatorLimit = 0x7FFFFFFF;

int32_t nearest_int8(double v) {
  return static_cast<int32_t>(std::clamp(std::nearbyint(v), -128.0, 127.0));
}

class WeightScales {
 public:
  explicit WeightScales(const WeightScaleRequest& request) : r_(request) {}

  std::vector<float> run() const {
    std::vector<float> scales;
    for (size_t c = 0; c < r_.channels; ++c) scales.push_back(largest(c) / 127.0f);
    float widest = *std::max_element(scales.begin(), scales.end());
    if (widest == 0) widest = 1.0f / 127.0f;
    for (size_t c = 0; c < r_.channels; ++c) {
      float scale = scales[c] == 0 ? widest : scales[c];
      scales[c] = std::clamp(enlarged(scale, c), kMinWeightScale, kMaxWeightScale);
    }
    return scales;
  }

 private:
  template <class F>
  void for_each_weight(size_t channel, F f) const {
    size_t inner = r_.count / r_.channels;
    for (size_t i = 0; i < inner; ++i)
      f(r_.weights[r_.channels_last ? i * r_.channels + channel : channel * inner + i]);
  }

  float largest(size_t channel) const {
    float m = 0;
    for_each_weight(channel, [&](float w) { m = std::max(m, std::fabs(w)); });
    return m;
  }

  double bias(size_t channel) const {
    return r_.bias == nullptr ? 0 : std::fabs(static_cast<double>(r_.bias[channel]));
  }

  // The largest accumulator (core/NUMERICS.md, 3.1) with this scale.
  double worst_case(float scale, size_t channel) const {
    double sum = 0;
    for_each_weight(channel, [&](float w) {
      sum += std::min(128.0, std::nearbyint(std::fabs(static_cast<double>(w)) / scale));
    });
    int32_t z = r_.input_zero_point;
    double product_scale = static_cast<double>(r_.input_scale) * scale;
    return std::max(std::abs(-128 - z), std::abs(127 - z)) * sum + bias(channel) / product_scale;
  }

  float enlarged(float scale, size_t channel) const {
    double least = bias(channel) / (kBiasSteps * static_cast<double>(r_.input_scale));
    scale = std::max(scale, static_cast<float>(least));
    // Both terms shrink about as the scale grows; rounding may ask for another turn.
    for (double worst; (worst = worst_case(scale, channel)) > kAccumulatorLimit;)
      scale *= static_cast<float>(1.001 * worst / kAccumulatorLimit);
    return scale;
  }

  const WeightScaleRequest& r_;
};

}  // namespace

bool is_coverable(const ValueRange& range) {
  return range.empty() || static_cast<double>(range.max) - range.min <=
                              kSteps * static_cast<double>(kMaxActivationScale);
}

ir::Quantization activation_quantization(ValueRange range) {
  range.include(0);
  double min = range.min, max = range.max;
  if (min == max) return {{kScaleOfZeros}, {0}, -1};
  double extent = std::clamp(max - min, kSteps * static_cast<double>(kMinActivationScale),
                             kSteps * static_cast<double>(kMaxActivationScale));
  auto scale = static_cast<float>(extent / kSteps);
  return {{scale}, {nearest_int8(-128 - min * kSteps / extent)}, -1};
}

std::vector<float> weight_scales(const WeightScaleRequest& request) {
  return WeightScales(request).run();
}

}  // namespace mote
