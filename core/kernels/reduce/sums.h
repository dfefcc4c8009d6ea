// Sums over contiguous elements and over rows: plain arguments, shared by every instruction set.
#pragma once

#include <cstdint>

namespace mote {

// Sums of `n` contiguous elements. f32: 32 partial sums, added as a tree; any n.
struct SumKernels {
  float (*f32)(const float* x, int64_t n);
  int32_t (*s8)(const int8_t* x, int64_t n);  // n <= 2^23
  // acc[c] += x[r * stride + c] for r < rows, c < n, each c in the order of r.
  void (*rows_f32)(const float* x, int64_t rows, int64_t stride, int64_t n, float* acc);
  void (*rows_s8)(const int8_t* x, int64_t rows, int64_t stride, int64_t n, int32_t* acc);
};

extern const SumKernels sums_portable;
extern const SumKernels sums_avx2;

}  // namespace mote
