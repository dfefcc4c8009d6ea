// Batch normalization that no convolution took in.
#pragma once

#include "ir/graph.h"

namespace mote {

// Each batch_norm of [n, h, w, c] becomes a depthwise convolution of one tap, whose int8 weights
// have a scale per channel: one multiplication and one rounding for an element.
void batch_norm_as_convolution(ir::Graph& graph);

}  // namespace mote
