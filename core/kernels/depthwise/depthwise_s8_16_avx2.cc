// 16 channels at a time: vpmaddwd against weights with zeros between them gives exact 32-bit
// products of the even and of the odd channels.
#include <immintrin.h>

#include <cstdint>
#include <cstring>

#include "kernels/depthwise/runs.h"

namespace mote {
namespace {

constexpr int kBlock = 16;

// `kCount`: channels of a block where that is known, else 0.
template <int kCount>
inline __m128i load(const int8_t* p, int count) {
  if constexpr (kCount == 16) return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  if constexpr (kCount == 8) return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p));
  int8_t part[kBlock] = {};
  memcpy(part, p, static_cast<size_t>(count));
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(part));
}
template <int kCount>
inline void store(int8_t* p, __m128i bytes, int count) {
  if constexpr (kCount == 16) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), bytes);
  } else if constexpr (kCount == 8) {
    _mm_storel_epi64(reinterpret_cast<__m128i*>(p), bytes);
  } else {
    int8_t part[kBlock];
    _mm_storeu_si128(reinterpret_cast<__m128i*>(part), bytes);
    memcpy(p, part, static_cast<size_t>(count));
  }
}

struct Range {
  __m256 lo, hi;
  __m256i zero_point;

  // maxps returns its second operand for a NaN, as (2.1) demands.
  __m256i requantize(__m256i acc, const float* scale) const {
    __m256 v = _mm256_mul_ps(_mm256_cvtepi32_ps(acc), _mm256_loadu_ps(scale));
    v = _mm256_min_ps(_mm256_max_ps(v, lo), hi);
    return _mm256_add_epi32(_mm256_cvtps_epi32(v), zero_point);
  }
};

template <int kCount>
inline void block(const DepthwiseS8Run& d, const Range& range, int b, int channel, int64_t x,
                  int8_t* y) {
  __m256i even = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(d.bias + b * kBlock));
  __m256i odd = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(d.bias + b * kBlock + 8));
  const int16_t* w = d.weights + int64_t{b} * d.tap_count * (2 * kBlock);
  for (int t = 0; t < d.tap_count; ++t, w += 2 * kBlock) {
    __m256i v = _mm256_cvtepi8_epi16(load<kCount>(d.taps[t] + x + channel, d.channels));
    __m256i w_even = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(w));
    __m256i w_odd = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(w + kBlock));
    even = _mm256_add_epi32(even, _mm256_madd_epi16(v, w_even));
    odd = _mm256_add_epi32(odd, _mm256_madd_epi16(v, w_odd));
  }
  even = range.requantize(even, d.scale + b * kBlock);
  odd = range.requantize(odd, d.scale + b * kBlock + 8);
  __m256i words = _mm256_blend_epi16(even, _mm256_slli_epi32(odd, 16), 0xAA);
  __m128i bytes =
      _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
  store<kCount>(y + channel, bytes, d.channels);
}

}  // namespace

void depthwise_s8_16_avx2(const DepthwiseS8Run& d) {
  Range range = {_mm256_set1_ps(d.lo), _mm256_set1_ps(d.hi), _mm256_set1_epi32(d.zero_point)};
  int8_t* y = d.y;
  int64_t x = 0;
  for (int p = 0; p < d.places; ++p, x += d.x_step, y += d.channels) {
    if (d.channels == 8) {
      block<8>(d, range, 0, 0, x, y);
    } else if (d.channels < kBlock) {
      block<0>(d, range, 0, 0, x, y);
    } else {
      int b = 0, channel = 0;
      for (; channel + kBlock <= d.channels; channel += kBlock)
        block<16>(d, range, b++, channel, x, y);
      if (channel < d.channels) block<16>(d, range, b, d.channels - kBlock, x, y);
    }
  }
}

}  // namespace mote
