// The gradient of rounding to a quantized type: 1 where the value fits the type's range, 0 where it
// saturates, as PyTorch's fake_quantize has it. (Bengio et al., Estimating or Propagating Gradients
// Through Stochastic Neurons, 2013.) The gradient of a quantized value is that of the real value it
// stands for.
#pragma once

#include "grad/rule.h"

namespace mote {

// dy where the real values `x` round into the range of `quantized`, else 0.
ir::ValueId pass_unsaturated(Builder& g, ir::ValueId dy, ir::ValueId x, ir::ValueId quantized);

}  // namespace mote
