// 32 channels at a time: four chains of fused multiply-adds hide their latency of four cycles.
// Error bound: (3.5).
#include <immintrin.h>

#include <cstdint>

#include "kernels/depthwise/runs.h"

namespace mote {
namespace {

// The bound comes first: maxps and minps return their second operand for a NaN.
inline __m256 clamp(__m256 v, const DepthwiseF32Run& d) {
  return _mm256_min_ps(_mm256_set1_ps(d.hi), _mm256_max_ps(_mm256_set1_ps(d.lo), v));
}

template <int kVectors>
inline void block(const DepthwiseF32Run& d, int64_t x, int channel, float* y) {
  __m256 acc[kVectors];
  for (auto& v : acc) v = _mm256_setzero_ps();
  for (int t = 0; t < d.tap_count; ++t) {
    const float *from = d.taps[t] + x + channel, *w = d.weights[t] + channel;
    for (int i = 0; i < kVectors; ++i)
      acc[i] = _mm256_fmadd_ps(_mm256_loadu_ps(from + 8 * i), _mm256_loadu_ps(w + 8 * i), acc[i]);
  }
  for (int i = 0; i < kVectors; ++i) {
    if (d.bias != nullptr)
      acc[i] = _mm256_add_ps(acc[i], _mm256_loadu_ps(d.bias + channel + 8 * i));
    _mm256_storeu_ps(y + channel + 8 * i, clamp(acc[i], d));
  }
}

// The last 1 to 7 channels.
inline void tail(const DepthwiseF32Run& d, int64_t x, int channel, float* y) {
  __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  __m256i mask = _mm256_cmpgt_epi32(_mm256_set1_epi32(d.channels - channel), lanes);
  __m256 acc = _mm256_setzero_ps();
  for (int t = 0; t < d.tap_count; ++t)
    acc = _mm256_fmadd_ps(_mm256_maskload_ps(d.taps[t] + x + channel, mask),
                          _mm256_maskload_ps(d.weights[t] + channel, mask), acc);
  if (d.bias != nullptr) acc = _mm256_add_ps(acc, _mm256_maskload_ps(d.bias + channel, mask));
  _mm256_maskstore_ps(y + channel, mask, clamp(acc, d));
}

}  // namespace

void depthwise_f32_32_avx2(const DepthwiseF32Run& d) {
  float* y = d.y;
  int64_t x = 0;
  for (int p = 0; p < d.places; ++p, x += d.x_step, y += d.y_step) {
    int channel = 0;
    for (; channel + 32 <= d.channels; channel += 32) block<4>(d, x, channel, y);
    for (; channel + 8 <= d.channels; channel += 8) block<1>(d, x, channel, y);
    if (channel < d.channels) tail(d, x, channel, y);
  }
}

}  // namespace mote
