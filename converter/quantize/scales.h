// Ranges to scales and zero points (core/NUMERICS.md, 1.4): zero is always a stored value, and no
// product or quotient of two scales leaves what the format takes.
#pragma once

#include <vector>

#include "ir/graph.h"
#include "quantize/observers/observer.h"

namespace mote {

// Scales of activations and of weights stay within these, so that their product, the scale of a
// bias, stays within 2^-100 and 2^100.
inline constexpr float kMinActivationScale = 0x1p-40f, kMaxActivationScale = 0x1p50f;
inline constexpr float kMinWeightScale = 0x1p-50f, kMaxWeightScale = 0x1p40f;

// Asymmetric int8 for `range` and zero. An empty range, or one of zeros alone, gets 1/128. Ranges
// beyond the limits are widened or cut to them.
ir::Quantization activation_quantization(ValueRange range);

// True when a scale of the allowed size covers the range.
bool is_coverable(const ValueRange& range);

struct WeightScaleRequest {
  const float* weights = nullptr;
  size_t channels = 0;
  bool channels_last = false;   // depthwise: the last dimension, else the first
  size_t count = 0;             // of all weights
  const float* bias = nullptr;  // null: none
  float input_scale = 1;
  int32_t input_zero_point = 0;
};

// Symmetric int8 scales, one per output channel: max |w| / 127, enlarged where the bias would leave
// 2^29 or the accumulator could leave int32. A channel of zeros gets the largest scale of the
// layer.
std::vector<float> weight_scales(const WeightScaleRequest& request);

}  // namespace mote
