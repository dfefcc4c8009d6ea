// Without FMA and in the reference's order: the same bits.
#include <immintrin.h>

#include "train/ops/sgd/steps.h"

namespace mote {
namespace {

constexpr int64_t kLanes = 8;

// The first n lanes.
__m256i mask_of(int64_t n) {
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(n)), lane);
}

struct Step {
  explicit Step(const SgdStep<float>& s)
      : rate(_mm256_set1_ps(s.rate)),
        momentum(_mm256_set1_ps(s.momentum)),
        weight_decay(_mm256_set1_ps(s.weight_decay)),
        nesterov(s.nesterov) {}

  void apply(__m256* parameter, __m256* velocity, __m256 gradient) const {
    __m256 g = _mm256_add_ps(gradient, _mm256_mul_ps(weight_decay, *parameter));
    __m256 v = _mm256_add_ps(_mm256_mul_ps(momentum, *velocity), g);
    __m256 d = nesterov ? _mm256_add_ps(g, _mm256_mul_ps(momentum, v)) : v;
    *velocity = v;
    *parameter = _mm256_sub_ps(*parameter, _mm256_mul_ps(rate, d));
  }

  __m256 rate, momentum, weight_decay;
  bool nesterov;
};

}  // namespace

void sgd_f32_step_avx2(float* parameter, float* velocity, const float* gradient, int64_t n,
                       const SgdStep<float>& step) {
  const Step s(step);
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    __m256 p = _mm256_loadu_ps(parameter + i), v = _mm256_loadu_ps(velocity + i);
    s.apply(&p, &v, _mm256_loadu_ps(gradient + i));
    _mm256_storeu_ps(velocity + i, v);
    _mm256_storeu_ps(parameter + i, p);
  }
  if (i == n) return;
  const __m256i mask = mask_of(n - i);
  __m256 p = _mm256_maskload_ps(parameter + i, mask), v = _mm256_maskload_ps(velocity + i, mask);
  s.apply(&p, &v, _mm256_maskload_ps(gradient + i, mask));
  _mm256_maskstore_ps(velocity + i, mask, v);
  _mm256_maskstore_ps(parameter + i, mask, p);
}

}  // namespace mote
