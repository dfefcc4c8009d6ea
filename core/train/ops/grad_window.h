// Gradients of one pooling window over all channels: plain arguments, shared by every instruction
// set.
#pragma once

#include "kernels/window/pool.h"

namespace mote {

// A window as its gradient sees it: x and dx at the first valid tap are `at` elements from their
// beginning; rows [first, end) of its taps belong to the tile.
struct GradWindow {
  PoolWindow taps;
  int64_t at;
  int32_t first, end;
};

// NUMERICS.md (14.4): x and dx are those of the first valid tap.
void max_pool_grad_avx2(const float* x, const GradWindow& w, const float* dy, float* dx);
// (14.5)
void avg_pool_grad_avx2(const GradWindow& w, float divisor, const float* dy, float* dx);

}  // namespace mote
