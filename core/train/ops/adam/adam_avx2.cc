// Without FMA and in the reference's order: the same bits.
#include <immintrin.h>

#include "train/ops/adam/steps.h"

namespace mote {
namespace {

constexpr int64_t kLanes = 8;

// The first n lanes.
__m256i mask_of(int64_t n) {
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(n)), lane);
}

__m256 all(float x) { return _mm256_set1_ps(x); }

struct Step {
  explicit Step(const AdamStep<float>& s)
      : beta1(all(s.beta1)),
        rest1(all(s.rest1)),
        beta2(all(s.beta2)),
        rest2(all(s.rest2)),
        epsilon(all(s.epsilon)),
        weight_decay(all(s.weight_decay)),
        keep(all(s.keep)),
        rate(all(s.rate)),
        correction(all(s.correction)) {}

  void apply(__m256* parameter, __m256* first, __m256* second, __m256 gradient) const {
    __m256 p = *parameter;
    __m256 g = _mm256_add_ps(gradient, _mm256_mul_ps(weight_decay, p));
    __m256 m = _mm256_add_ps(_mm256_mul_ps(beta1, *first), _mm256_mul_ps(rest1, g));
    __m256 v =
        _mm256_add_ps(_mm256_mul_ps(beta2, *second), _mm256_mul_ps(rest2, _mm256_mul_ps(g, g)));
    __m256 root = _mm256_add_ps(_mm256_div_ps(_mm256_sqrt_ps(v), correction), epsilon);
    *first = m;
    *second = v;
    *parameter = _mm256_sub_ps(_mm256_mul_ps(keep, p), _mm256_div_ps(_mm256_mul_ps(rate, m), root));
  }

  __m256 beta1, rest1, beta2, rest2, epsilon, weight_decay, keep, rate, correction;
};

}  // namespace

void adam_f32_step_avx2(float* parameter, float* first, float* second, const float* gradient,
                        int64_t n, const AdamStep<float>& step) {
  const Step s(step);
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    __m256 p = _mm256_loadu_ps(parameter + i), m = _mm256_loadu_ps(first + i),
           v = _mm256_loadu_ps(second + i);
    s.apply(&p, &m, &v, _mm256_loadu_ps(gradient + i));
    _mm256_storeu_ps(first + i, m);
    _mm256_storeu_ps(second + i, v);
    _mm256_storeu_ps(parameter + i, p);
  }
  if (i == n) return;
  const __m256i mask = mask_of(n - i);
  __m256 p = _mm256_maskload_ps(parameter + i, mask), m = _mm256_maskload_ps(first + i, mask),
         v = _mm256_maskload_ps(second + i, mask);
  s.apply(&p, &m, &v, _mm256_maskload_ps(gradient + i, mask));
  _mm256_maskstore_ps(first + i, mask, m);
  _mm256_maskstore_ps(second + i, mask, v);
  _mm256_maskstore_ps(parameter + i, mask, p);
}

}  // namespace mote
