// Plain loops over 16 channels, which compilers vectorize.
#include "kernels/depthwise/runs.h"

namespace mote {
namespace {

constexpr int kBlock = 16;

// `kCount`: channels of a block where that is known, else 0.
template <int kCount>
void block(const DepthwiseF32Run& d, int64_t x, int channel, float* y) {
  const int count = kCount != 0 ? kCount : d.channels - channel;
  float acc[kBlock] = {};
  for (int t = 0; t < d.tap_count; ++t) {
    const float *from = d.taps[t] + x + channel, *w = d.weights[t] + channel;
    for (int i = 0; i < count; ++i) acc[i] += from[i] * w[i];
  }
  for (int i = 0; i < count; ++i) {
    float v = d.bias == nullptr ? acc[i] : acc[i] + d.bias[channel + i];
    v = v < d.lo ? d.lo : v;
    y[channel + i] = v > d.hi ? d.hi : v;
  }
}

}  // namespace

void depthwise_f32_16_scalar(const DepthwiseF32Run& d) {
  float* y = d.y;
  int64_t x = 0;
  for (int p = 0; p < d.places; ++p, x += d.x_step, y += d.y_step) {
    int channel = 0;
    for (; channel + kBlock <= d.channels; channel += kBlock) block<kBlock>(d, x, channel, y);
    if (channel < d.channels) block<0>(d, x, channel, y);
  }
}

}  // namespace mote
