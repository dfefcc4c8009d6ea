// Gradients of pooling with channels across the lanes; what is left of the channels goes one by
// one.
#include <immintrin.h>

#include "train/ops/grad_window.h"

namespace mote {
namespace {

inline void add_to(float* dx, __m256 v) {
  _mm256_storeu_ps(dx, _mm256_add_ps(_mm256_loadu_ps(dx), v));
}

// The number of the winning tap in each lane, counted in the order rows, columns.
inline __m256i winners(const float* x, const PoolWindow& w) {
  __m256 m = _mm256_loadu_ps(x);
  __m256i winner = _mm256_setzero_si256();
  int32_t number = 0;
  for (int32_t i = 0; i < w.rows; ++i, x += w.row_stride) {
    const float* at = x;
    for (int32_t j = 0; j < w.columns; ++j, ++number, at += w.channels) {
      const __m256 v = _mm256_loadu_ps(at);
      const __m256 wins = _mm256_or_ps(_mm256_cmp_ps(v, m, _CMP_GT_OQ),  // or a NaN
                                       _mm256_cmp_ps(v, v, _CMP_UNORD_Q));
      m = _mm256_blendv_ps(m, v, wins);
      winner = _mm256_blendv_epi8(winner, _mm256_set1_epi32(number), _mm256_castps_si256(wins));
    }
  }
  return winner;
}

void max_eight(const float* x, const GradWindow& w, const float* dy, float* dx) {
  const __m256i winner = winners(x, w.taps);
  const __m256 g = _mm256_loadu_ps(dy);
  int32_t number = w.first * w.taps.columns;
  for (int32_t i = w.first; i < w.end; ++i) {
    float* at = dx + i * w.taps.row_stride;
    for (int32_t j = 0; j < w.taps.columns; ++j, ++number, at += w.taps.channels) {
      const __m256i here = _mm256_cmpeq_epi32(winner, _mm256_set1_epi32(number));
      add_to(at, _mm256_and_ps(g, _mm256_castsi256_ps(here)));
    }
  }
}

void max_one(const float* x, const GradWindow& w, float dy, float* dx) {
  float m = *x;
  int32_t row = 0, column = 0;
  for (int32_t i = 0; i < w.taps.rows; ++i) {
    for (int32_t j = 0; j < w.taps.columns; ++j) {
      const float v = x[i * w.taps.row_stride + j * w.taps.channels];
      if (!(v > m || v != v)) continue;
      m = v;
      row = i;
      column = j;
    }
  }
  if (row >= w.first && row < w.end) dx[row * w.taps.row_stride + column * w.taps.channels] += dy;
}

// Calls tap(dx of the tap) for those that belong to the tile.
template <class Tap>
inline void for_own_taps(const GradWindow& w, float* dx, Tap&& tap) {
  for (int32_t i = w.first; i < w.end; ++i) {
    float* at = dx + i * w.taps.row_stride;
    for (int32_t j = 0; j < w.taps.columns; ++j, at += w.taps.channels) tap(at);
  }
}

}  // namespace

void max_pool_grad_avx2(const float* x, const GradWindow& w, const float* dy, float* dx) {
  int64_t c = 0;
  for (; c + 8 <= w.taps.channels; c += 8) max_eight(x + c, w, dy + c, dx + c);
  for (; c < w.taps.channels; ++c) max_one(x + c, w, dy[c], dx + c);
}

void avg_pool_grad_avx2(const GradWindow& w, float divisor, const float* dy, float* dx) {
  int64_t c = 0;
  for (; c + 8 <= w.taps.channels; c += 8) {
    const __m256 share = _mm256_div_ps(_mm256_loadu_ps(dy + c), _mm256_set1_ps(divisor));
    for_own_taps(w, dx + c, [=](float* at) { add_to(at, share); });
  }
  for (; c < w.taps.channels; ++c) {
    const float share = dy[c] / divisor;
    for_own_taps(w, dx + c, [=](float* at) { *at += share; });
  }
}

}  // namespace mote
