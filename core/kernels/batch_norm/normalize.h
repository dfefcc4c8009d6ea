// Rows normalized channel by channel: plain arguments, shared by every instruction set.
#pragma once

#include <cstdint>

namespace mote {

// One value per channel.
struct ChannelScaling {
  const float *mean, *multiplier, *bias;
};

// y = (x - mean) * multiplier + bias for `rows` rows of `channels`; y may be x.
void normalize_channels_portable(const float* x, int64_t rows, int64_t channels,
                                 const ChannelScaling& s, float* y);
void normalize_channels_avx2(const float* x, int64_t rows, int64_t channels,
                             const ChannelScaling& s, float* y);

}  // namespace mote
