// Plain loops over 16 channels, which compilers vectorize.
#include "kernels/depthwise/runs.h"

namespace mote {
namespace {

constexpr int kBlock = 16;

// `kCount`: channels of a block where that is known, else 0.
template <int kCount>
void block(const DepthwiseGradRun& d, int64_t x, int channel, float* sums) {
  const int count = kCount != 0 ? kCount : d.channels - channel;
  float acc[kBlock] = {};
  const float *dy = d.dy + channel, *from = d.x + x + channel;
  for (int p = 0; p < d.places; ++p, dy += d.channels, from += d.x_step)
    for (int i = 0; i < count; ++i) acc[i] += dy[i] * from[i];
  for (int i = 0; i < count; ++i) sums[channel + i] += acc[i];
}

}  // namespace

void depthwise_grad_f32_16_scalar(const DepthwiseGradRun& d) {
  float* sums = d.sums;
  for (int t = 0; t < d.tap_count; ++t, sums += d.channels) {
    int channel = 0;
    for (; channel + kBlock <= d.channels; channel += kBlock)
      block<kBlock>(d, t * d.x_tap, channel, sums);
    if (channel < d.channels) block<0>(d, t * d.x_tap, channel, sums);
  }
}

}  // namespace mote
