// The gradient of a convolution's weights as matrix products: the transposed gradient of the output
// times the gathered input, over chunks of places. Chunks are added up in parts of the places, and
// the parts in a fixed tree: long sums lose little, and the threads do not matter.
#pragma once

#include "kernels/gemm/gemm.h"

namespace mote {

// What does not depend on the number of places. Weights [groups * outputs][k]; a piece takes the
// columns of one of `cuts` tap rows (kh), taps (kh * kw), or of all (1).
struct WeightGradPlan {
  GemmTile tile;
  int32_t k, outputs, groups;  // per group
  int32_t cuts, columns;       // k = cuts * columns
  int64_t panel_stride;        // elements between places of a panel
  int64_t chunk;               // places of a panel
  int64_t max_parts;
  size_t scratch_bytes, shared_bytes;
};
WeightGradPlan make_weight_grad_plan(const GemmTile& tile, const ConvWindow& largest,
                                     int32_t groups, int32_t outputs);

uint32_t weight_grad_pieces(const WeightGradPlan& plan, const ConvWindow& window);

struct WeightGradOperands {
  const float* x;
  const float* dy;  // [places][groups * outputs]
  float* dw;
  float* parts;  // WeightGradPlan::shared_bytes
  void* scratch;
};
void run_weight_grad(const WeightGradPlan& plan, const GemmF32Kernel& kernel,
                     const ConvWindow& window, const WeightGradOperands& operands, uint32_t piece);

// The second phase: the parts' sum.
uint32_t weight_grad_sum_pieces(const WeightGradPlan& plan, const ConvWindow& window);
void sum_weight_grad(const WeightGradPlan& plan, const ConvWindow& window,
                     const WeightGradOperands& operands, uint32_t piece);

}  // namespace mote
