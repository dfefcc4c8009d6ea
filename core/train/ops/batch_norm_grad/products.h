// The two passes of batch_norm_grad: plain arguments, shared by every instruction set.
#pragma once

#include <cstdint>

namespace mote {

// S and P of NUMERICS.md (16.4) of `rows` rows of `channels`.
struct ChannelProducts {
  double *sum, *product;
};
// (16.5): one value per channel.
struct ChannelSlopes {
  const float *mean, *level, *slope, *multiplier;
};

void channel_products_portable(const float* dy, const float* x, const float* mean, int64_t rows,
                               int64_t channels, const ChannelProducts& out);
void channel_products_avx2(const float* dy, const float* x, const float* mean, int64_t rows,
                           int64_t channels, const ChannelProducts& out);

// dx may be dy or x.
void input_gradient_portable(const float* dy, const float* x, int64_t rows, int64_t channels,
                             const ChannelSlopes& s, float* dx);
void input_gradient_avx2(const float* dy, const float* x, int64_t rows, int64_t channels,
                         const ChannelSlopes& s, float* dx);

}  // namespace mote
