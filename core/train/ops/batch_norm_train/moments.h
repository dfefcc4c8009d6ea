// Moments of channels: plain arguments, shared by every instruction set.
#pragma once

#include <cstdint>

namespace mote {

// mean[c] and m2[c], the sum of (x - mean)^2, of `rows` rows of `channels` (NUMERICS.md, 16.2).
void channel_moments_portable(const float* x, int64_t rows, int64_t channels, double* mean,
                              double* m2);
void channel_moments_avx2(const float* x, int64_t rows, int64_t channels, double* mean, double* m2);

}  // namespace mote
