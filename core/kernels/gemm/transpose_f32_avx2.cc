// Squares of 8x8 in registers.
#include <immintrin.h>

#include <cstdint>

#include "kernels/gemm/square_avx2.h"

namespace mote {
namespace {

constexpr int64_t kSide = 8;

inline void square(const float* from, int64_t stride, float* to, int64_t to_stride) {
  __m256 r[kSide];
#pragma GCC unroll 8
  for (int i = 0; i < kSide; ++i) r[i] = _mm256_loadu_ps(from + i * stride);
  transpose_square(r);
#pragma GCC unroll 8
  for (int i = 0; i < kSide; ++i) _mm256_storeu_ps(to + i * to_stride, r[i]);
}

}  // namespace

void transpose_f32_avx2(const float* from, int64_t stride, int64_t rows, int64_t columns, float* to,
                        int64_t to_stride) {
  int64_t r = 0;
  for (; r + kSide <= rows; r += kSide) {
    int64_t c = 0;
    for (; c + kSide <= columns; c += kSide)
      square(from + r * stride + c, stride, to + c * to_stride + r, to_stride);
    for (; c < columns; ++c)
      for (int64_t i = r; i < r + kSide; ++i) to[c * to_stride + i] = from[i * stride + c];
  }
  for (; r < rows; ++r)
    for (int64_t c = 0; c < columns; ++c) to[c * to_stride + r] = from[r * stride + c];
}

}  // namespace mote
