// Requantization of a few neighbouring sums at once, for portable micro-kernels.
#pragma once

#include "base/requantize.h"

namespace mote {

// One loop per step: a compiler vectorizes each, but not the steps in one loop.
template <int kLanes>
inline void requantize_lanes(const uint32_t* acc, const float* scale, const RequantizeRange& range,
                             int8_t* y) {
  float v[kLanes];
  int32_t q[kLanes];
  for (int i = 0; i < kLanes; ++i) v[i] = static_cast<float>(static_cast<int32_t>(acc[i]));
  for (int i = 0; i < kLanes; ++i) v[i] *= scale[i];
  for (int i = 0; i < kLanes; ++i) v[i] = v[i] > range.lo ? v[i] : range.lo;
  for (int i = 0; i < kLanes; ++i) v[i] = v[i] > range.hi ? range.hi : v[i];
  for (int i = 0; i < kLanes; ++i) q[i] = round_half_even(v[i]) + range.zero_point;
  for (int i = 0; i < kLanes; ++i) y[i] = static_cast<int8_t>(q[i]);
}

}  // namespace mote
