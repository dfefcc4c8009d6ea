// The normalization, compiled once per instruction set: plain loops for the vectorizer.
#pragma once

#include "base/arch.h"
#include "kernels/batch_norm/normalize.h"

namespace mote {
namespace {

void normalize_channels(const float* x, int64_t rows, int64_t channels, const ChannelScaling& s,
                        float* y) {
  const float *mean = s.mean, *multiplier = s.multiplier, *bias = s.bias;
  for (int64_t r = 0; r < rows; ++r, x += channels, y += channels) {
    MOTE_INDEPENDENT
    for (int64_t c = 0; c < channels; ++c) y[c] = (x[c] - mean[c]) * multiplier[c] + bias[c];
  }
}

}  // namespace
}  // namespace mote
