// Up to four taps of 16 channels share the loads of dy: eight chains of fused multiply-adds, which
// hide their latency of four cycles. Error bound: (14.3).
#include <immintrin.h>

#include <cstdint>

#include "kernels/depthwise/runs.h"

namespace mote {
namespace {

constexpr int kLanes = 8;
constexpr int kTaps = 4;

// The last of kVectors is masked unless whole.
template <int kVectors, bool kWhole>
struct Lanes {
  __m256i mask;

  __m256 load(const float* p, int j) const {
    if (kWhole || j + 1 < kVectors) return _mm256_loadu_ps(p + j * kLanes);
    return _mm256_maskload_ps(p + j * kLanes, mask);
  }
  void store(float* p, int j, __m256 v) const {
    if (kWhole || j + 1 < kVectors)
      _mm256_storeu_ps(p + j * kLanes, v);
    else
      _mm256_maskstore_ps(p + j * kLanes, mask, v);
  }
};

template <int kCount, int kVectors, bool kWhole>
inline void taps(const DepthwiseGradRun& d, Lanes<kVectors, kWhole> lanes, int channel, int first) {
  __m256 acc[kCount][kVectors];
  for (auto& row : acc)
    for (auto& v : row) v = _mm256_setzero_ps();
  const float *dy = d.dy + channel, *x = d.x + channel + first * d.x_tap;
  for (int p = 0; p < d.places; ++p, dy += d.channels, x += d.x_step) {
    __m256 value[kVectors];
    for (int j = 0; j < kVectors; ++j) value[j] = lanes.load(dy, j);
    for (int t = 0; t < kCount; ++t)
      for (int j = 0; j < kVectors; ++j)
        acc[t][j] = _mm256_fmadd_ps(value[j], lanes.load(x + t * d.x_tap, j), acc[t][j]);
  }
  float* sums = d.sums + int64_t{first} * d.channels + channel;
  for (int t = 0; t < kCount; ++t, sums += d.channels)
    for (int j = 0; j < kVectors; ++j)
      lanes.store(sums, j, _mm256_add_ps(lanes.load(sums, j), acc[t][j]));
}

template <int kVectors, bool kWhole>
inline void block(const DepthwiseGradRun& d, Lanes<kVectors, kWhole> lanes, int channel) {
  int t = 0;
  for (; t + kTaps <= d.tap_count; t += kTaps) taps<kTaps>(d, lanes, channel, t);
  if (d.tap_count - t == 3) taps<3>(d, lanes, channel, t);
  if (d.tap_count - t == 2) taps<2>(d, lanes, channel, t);
  if (d.tap_count - t == 1) taps<1>(d, lanes, channel, t);
}

}  // namespace

void depthwise_grad_f32_16_avx2(const DepthwiseGradRun& d) {
  __m256i order = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  int channel = 0;
  for (; channel + 2 * kLanes <= d.channels; channel += 2 * kLanes)
    block<2, true>(d, {order}, channel);
  int rest = d.channels - channel;
  if (rest == 0) return;
  __m256i mask = _mm256_cmpgt_epi32(_mm256_set1_epi32((rest - 1) % kLanes + 1), order);
  rest > kLanes ? block<2, false>(d, {mask}, channel) : block<1, false>(d, {mask}, channel);
}

}  // namespace mote
