// The gradients of a depthwise convolution with multiplier 1; `window` is always that of the
// convolution itself.
#pragma once

#include "base/transposed_axis.h"
#include "kernels/depthwise/depthwise.h"

namespace mote {

// Pieces are groups of lines of dx. Scratch: depthwise_f32_scratch_bytes.
uint32_t depthwise_input_grad_pieces(const ConvWindow& window);
struct DepthwiseInputGradOperands {
  const float* dy;
  const float* weights;
  float* dx;
  void* scratch;
};
void run_depthwise_input_grad(DepthwiseF32Kernel kernel, const ConvWindow& window,
                              const DepthwiseInputGradOperands& operands, uint32_t piece);

// Pieces are parts of the lines of dy; each has its sums in `parts`, of which there are none for a
// single piece. The second phase adds them up in a fixed tree.
uint32_t depthwise_weight_grad_parts(const ConvWindow& window);
size_t depthwise_weight_grad_bytes(const ConvWindow& largest);
struct DepthwiseWeightGradOperands {
  const float* x;
  const float* dy;
  float* dw;
  float* parts;
};
void run_depthwise_weight_grad(DepthwiseGradKernel kernel, const ConvWindow& window,
                               const DepthwiseWeightGradOperands& operands, uint32_t part);
void sum_depthwise_weight_grad(const ConvWindow& window,
                               const DepthwiseWeightGradOperands& operands);

}  // namespace mote
