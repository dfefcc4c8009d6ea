// One step of sgd on a run of elements: plain arguments, shared by every instruction set.
#pragma once

#include <cstdint>

namespace mote {

template <class T>
struct SgdStep {
  T rate, momentum, weight_decay;
  bool nesterov;
};

// Any n; `gradient` may be `parameter` or `velocity`.
void sgd_f32_step_avx2(float* parameter, float* velocity, const float* gradient, int64_t n,
                       const SgdStep<float>& step);

}  // namespace mote
