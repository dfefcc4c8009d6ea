// Pooling one window over all channels: plain arguments, shared by every instruction set.
#pragma once

#include <cstdint>

namespace mote {

// The valid taps of a window: x points at the first one's channels.
struct PoolWindow {
  int64_t row_stride;  // elements between rows
  int64_t channels;    // also the elements between columns
  int32_t rows, columns;
};

// NUMERICS.md (3.7): bounds of the fused activation.
struct PoolF32Params {
  float lo, hi;
};

// NUMERICS.md (3.8), (3.11): bounds of the stored result.
struct PoolS8Params {
  int32_t lo, hi;
  int32_t zero_point;
  int32_t round_half_up;  // of averages
};

// Averages: `divisor` is d of (3.9) and (3.11); `border` is added to the sum (3.10).
void max_pool_f32_avx2(const float* x, const PoolWindow& w, const PoolF32Params& p, float* y);
void max_pool_s8_avx2(const int8_t* x, const PoolWindow& w, const PoolS8Params& p, int8_t* y);
void avg_pool_f32_avx2(const float* x, const PoolWindow& w, int32_t divisor, const PoolF32Params& p,
                       float* y);
void avg_pool_s8_avx2(const int8_t* x, const PoolWindow& w, int32_t divisor, int32_t border,
                      const PoolS8Params& p, int8_t* y);

}  // namespace mote
