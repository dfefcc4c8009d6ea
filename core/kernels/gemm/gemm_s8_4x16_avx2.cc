// 4x16 int32 sums in 8 registers; vpmaddwd adds two exact 16-bit products without saturation
// (operands are at most 255 * 128 in magnitude).
#include <immintrin.h>

#include <cstdint>
#include <cstring>

#include "kernels/gemm/blocks.h"
#include "kernels/gemm/square_avx2.h"

namespace mote {
namespace {

constexpr int kColumns = 16;

struct Requantizer {
  __m256 scale0, scale1, lo, hi;
  __m256i zero_point;

  // maxps returns its second operand for a NaN, as (2.1) demands.
  __m256i lanes(__m256i acc, __m256 scale) const {
    __m256 v = _mm256_mul_ps(_mm256_cvtepi32_ps(acc), scale);
    v = _mm256_min_ps(_mm256_max_ps(v, lo), hi);
    return _mm256_add_epi32(_mm256_cvtps_epi32(v), zero_point);
  }
  __m128i row(__m256i acc0, __m256i acc1) const {
    __m256i words = _mm256_packs_epi32(lanes(acc0, scale0), lanes(acc1, scale1));
    words = _mm256_permute4x64_epi64(words, 0xD8);
    return _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
  }
};

inline __m256i broadcast_pair(const int16_t* p) {
  int32_t pair;
  memcpy(&pair, p, sizeof pair);
  return _mm256_set1_epi32(pair);
}

template <int kRows>
inline void rows(const GemmS8Block& g, const Requantizer& requantizer, int64_t first) {
  const int16_t* a = g.a + first * g.a_stride;
  const int16_t* b = g.b;
  __m256i acc[kRows][2];
  for (int r = 0; r < kRows; ++r) {
    acc[r][0] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(g.bias));
    acc[r][1] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(g.bias + 8));
  }
  for (int64_t k = 0; k < g.k; k += 2, b += 2 * kColumns) {
    __m256i b0 = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(b));
    __m256i b1 = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(b + kColumns));
    for (int r = 0; r < kRows; ++r) {
      __m256i pair = broadcast_pair(a + r * g.a_stride + k);
      acc[r][0] = _mm256_add_epi32(acc[r][0], _mm256_madd_epi16(pair, b0));
      acc[r][1] = _mm256_add_epi32(acc[r][1], _mm256_madd_epi16(pair, b1));
    }
  }
  for (int r = 0; r < kRows; ++r) {
    __m128i bytes = requantizer.row(acc[r][0], acc[r][1]);
    int8_t* y = g.y + (first + r) * g.y_stride;
    if (g.columns == kColumns) {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(y), bytes);
    } else {
      int8_t part[kColumns];
      _mm_storeu_si128(reinterpret_cast<__m128i*>(part), bytes);
      memcpy(y, part, static_cast<size_t>(g.columns));
    }
  }
}

// Terms from `k` on, an even number.
inline void place_lane(const GemmS8Lanes& g, int lane, int64_t k) {
  const int8_t* from = g.weights + lane * g.stride;
  for (; k < g.terms; ++k)
    g.to[k / 2 * 2 * kColumns + 2 * lane + k % 2] = static_cast<int16_t>(from[k] - g.zero_point);
}

}  // namespace

void gemm_s8_4x16_avx2(const GemmS8Block& g) {
  Requantizer requantizer = {_mm256_loadu_ps(g.scale), _mm256_loadu_ps(g.scale + 8),
                             _mm256_set1_ps(g.lo), _mm256_set1_ps(g.hi),
                             _mm256_set1_epi32(g.zero_point)};
  int64_t r = 0;
  for (; r + 4 <= g.rows; r += 4) rows<4>(g, requantizer, r);
  if (g.rows - r >= 2) {
    rows<2>(g, requantizer, r);
    r += 2;
  }
  if (r < g.rows) rows<1>(g, requantizer, r);
}

void gemm_s8_4x16_avx2_widen(const int8_t* from, int16_t* to, int64_t count) {
  int64_t i = 0;
  for (; i + 16 <= count; i += 16) {
    __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + i), _mm256_cvtepi8_epi16(bytes));
  }
  if (i + 8 <= count) {
    __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from + i));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + i), _mm_cvtepi8_epi16(bytes));
    i += 8;
  }
  for (; i < count; ++i) to[i] = from[i];
}

void gemm_s8_4x16_avx2_place(const GemmS8Lanes& g) {
  constexpr int kSide = 8;
  const __m256i zero_point = _mm256_set1_epi16(static_cast<int16_t>(g.zero_point));
  int lane = 0;
  for (; lane + kSide <= g.lanes; lane += kSide) {
    const int8_t* from = g.weights + lane * g.stride;
    int16_t* to = g.to + 2 * lane;
    int64_t k = 0;
    // Pairs of terms are elements of 32 bits.
    for (; k + 2 * kSide <= g.terms; k += 2 * kSide) {
      __m256 r[kSide];
#pragma GCC unroll 8
      for (int i = 0; i < kSide; ++i) {
        __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i * g.stride + k));
        r[i] = _mm256_castsi256_ps(_mm256_sub_epi16(_mm256_cvtepi8_epi16(bytes), zero_point));
      }
      transpose_square(r);
#pragma GCC unroll 8
      for (int i = 0; i < kSide; ++i)
        _mm256_storeu_ps(reinterpret_cast<float*>(to + (k / 2 + i) * 2 * kColumns), r[i]);
    }
    for (int i = 0; i < kSide; ++i) place_lane(g, lane + i, k);
  }
  for (; lane < g.lanes; ++lane) place_lane(g, lane, 0);
}

}  // namespace mote
