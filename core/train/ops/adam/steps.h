// One step of adam on a run of elements: plain arguments, shared by every instruction set.
#pragma once

#include <cstdint>

namespace mote {

template <class T>
struct AdamStep {
  T beta1, rest1;  // 1 - beta1
  T beta2, rest2;  // 1 - beta2
  T epsilon;
  T weight_decay;  // added to the gradient; 0 when decoupled
  T keep;          // factor of the parameter: 1 - rate * weight decay, or 1
  T rate;          // divided by the correction of the first moment
  T correction;    // root of the correction of the second moment
};

// Any n; `gradient` may be one of the states.
void adam_f32_step_avx2(float* parameter, float* first, float* second, const float* gradient,
                        int64_t n, const AdamStep<float>& step);

}  // namespace mote
