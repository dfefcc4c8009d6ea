// Arguments of the depthwise micro-kernels. Included by files of any instruction set: plain data
// only.
#pragma once

#include <cstdint>

namespace mote {

// `places` neighbouring output places of `channels` channels. Tap t of the first place reads at
// taps[t], of the next place at taps[t] + x_step.
struct DepthwiseS8Run {
  const int8_t* const* taps;
  int64_t x_step;
  int32_t tap_count, places, channels;
  // Per block of 16 channels (depthwise_block_start): weights of each tap, bias, scale, in the
  // kernel's order of lanes.
  const int16_t* weights;
  const int32_t* bias;
  const float* scale;
  float lo, hi;  // bounds before the zero point is added (NUMERICS.md, 2.1)
  int32_t zero_point;
  int8_t* y;
};

// Only valid taps, in their order; weights[t] holds the weights of tap t for all channels.
struct DepthwiseF32Run {
  const float* const* taps;
  const float* const* weights;
  int64_t x_step, y_step;
  int32_t tap_count, places, channels;
  const float* bias;  // may be null
  float lo, hi;       // NaN passes through
  float* y;
};

// sums[t * channels + i] += sum over the places p of dy[p * channels + i] *
// x[p * x_step + t * x_tap + i], for t < tap_count. The places' sum starts from zero.
struct DepthwiseGradRun {
  const float* dy;
  const float* x;
  int64_t x_step, x_tap;
  int32_t tap_count, places, channels;
  float* sums;
};

}  // namespace mote
