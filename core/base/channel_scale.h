// The float32 scale of each output channel of a convolution or matrix product (NUMERICS.md, 3.3).
#pragma once

#include <cstdint>

namespace mote {

struct ChannelScale {
  const float* stored = nullptr;  // null: computed. Untrusted: any value
  int64_t stored_count = 0;       // 1 or one per channel
  float x = 1, out = 1;
  const float* weights = nullptr;
  uint32_t weights_count = 1;

  float operator()(int64_t channel) const {
    if (stored != nullptr) return stored[stored_count == 1 ? 0 : channel];
    float product = x * weights[weights_count == 1 ? 0 : channel];
    return product / out;
  }
};

}  // namespace mote
