#include <immintrin.h>

#include "ops/resize_bilinear/blend.h"

namespace mote {
namespace {

// (9.5) with T = v00 * (2048 - fx) + v01 * fx and so on: the same integers, one pmaddwd each.
struct Weights {
  __m256i columns;  // pairs (2048 - fx, fx) of int16
  __m256i top, bottom;
};

__m256i blend_columns(const int8_t* left, const int8_t* right, __m256i columns) {
  __m128i l = _mm_cvtepi8_epi16(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(left)));
  __m128i r = _mm_cvtepi8_epi16(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(right)));
  __m256i pairs = _mm256_set_m128i(_mm_unpackhi_epi16(l, r), _mm_unpacklo_epi16(l, r));
  return _mm256_madd_epi16(pairs, columns);
}

void blend_eight(const Corners<int8_t>& v, const Weights& w, int8_t* y, int64_t c) {
  __m256i top = blend_columns(v.v00 + c, v.v01 + c, w.columns);
  __m256i bottom = blend_columns(v.v10 + c, v.v11 + c, w.columns);
  __m256i sum =
      _mm256_add_epi32(_mm256_mullo_epi32(top, w.top), _mm256_mullo_epi32(bottom, w.bottom));
  sum = _mm256_srai_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(1 << 21)), 22);
  __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(y + c), _mm_packs_epi16(words, words));
}

void blend_one(const Corners<int8_t>& v, int32_t fy, int32_t fx, int8_t* y, int64_t c) {
  int32_t top = v.v00[c] * (2048 - fx) + v.v01[c] * fx;
  int32_t bottom = v.v10[c] * (2048 - fx) + v.v11[c] * fx;
  y[c] = static_cast<int8_t>((top * (2048 - fy) + bottom * fy + (1 << 21)) >> 22);
}

}  // namespace

void blend_s8_avx2(const Corners<int8_t>& v, int32_t fy, int32_t fx, int8_t* y, int64_t channels) {
  const Weights w = {_mm256_set1_epi32((fx << 16) | (2048 - fx)), _mm256_set1_epi32(2048 - fy),
                     _mm256_set1_epi32(fy)};
  int64_t c = 0;
  for (; c + 8 <= channels; c += 8) blend_eight(v, w, y, c);
  if (c == channels) return;
  // The last eight once more where there are eight.
  if (channels >= 8) return blend_eight(v, w, y, channels - 8);
  for (; c < channels; ++c) blend_one(v, fy, fx, y, c);
}

}  // namespace mote
