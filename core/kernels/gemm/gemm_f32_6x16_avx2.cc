// 6x16 float32 sums in 12 registers. Fused multiply-adds in the order of k, the same for every row
// count, so that a row's result does not depend on the block it falls into. Error bound: (3.1).
#include <immintrin.h>

#include <cstdint>
#include <cstring>

#include "kernels/gemm/blocks.h"

namespace mote {
namespace {

constexpr int kRows = 6;
constexpr int kColumns = 16;

// The bound comes first: maxps and minps return their second operand for a NaN.
inline __m256 finish(__m256 acc, __m256 bias, __m256 lo, __m256 hi) {
  return _mm256_min_ps(hi, _mm256_max_ps(lo, _mm256_add_ps(acc, bias)));
}

template <int kCount>
inline void rows(const GemmF32Block& g, int64_t first) {
  const float* a = g.a + first * g.a_stride;
  const float* b = g.b;
  __m256 acc[kCount][2];
  for (int r = 0; r < kCount; ++r) acc[r][0] = acc[r][1] = _mm256_setzero_ps();
  for (int64_t k = 0; k < g.k; ++k, b += kColumns) {
    __m256 b0 = _mm256_loadu_ps(b), b1 = _mm256_loadu_ps(b + 8);
    for (int r = 0; r < kCount; ++r) {
      __m256 value = _mm256_broadcast_ss(a + r * g.a_stride + k);
      acc[r][0] = _mm256_fmadd_ps(value, b0, acc[r][0]);
      acc[r][1] = _mm256_fmadd_ps(value, b1, acc[r][1]);
    }
  }
  __m256 bias0 = _mm256_loadu_ps(g.bias), bias1 = _mm256_loadu_ps(g.bias + 8);
  __m256 lo = _mm256_set1_ps(g.lo), hi = _mm256_set1_ps(g.hi);
  for (int r = 0; r < kCount; ++r) {
    float* y = g.y + (first + r) * g.y_stride;
    float part[kColumns];
    float* to = g.columns == kColumns ? y : part;
    _mm256_storeu_ps(to, finish(acc[r][0], bias0, lo, hi));
    _mm256_storeu_ps(to + 8, finish(acc[r][1], bias1, lo, hi));
    if (to == part) memcpy(y, part, static_cast<size_t>(g.columns) * sizeof(float));
  }
}

}  // namespace

void gemm_f32_6x16_avx2(const GemmF32Block& g) {
  int64_t r = 0;
  for (; r + kRows <= g.rows; r += kRows) rows<kRows>(g, r);
  if (g.rows - r >= 4) {
    rows<4>(g, r);
    r += 4;
  }
  if (g.rows - r >= 2) {
    rows<2>(g, r);
    r += 2;
  }
  if (r < g.rows) rows<1>(g, r);
}

}  // namespace mote
