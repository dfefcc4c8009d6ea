// Batch normalization of inference as part of the convolution before it.
#pragma once

#include "diagnostics.h"
#include "ir/graph.h"

namespace mote {

// Where a batch_norm alone reads the result of a convolution or dense layer, that layer's weights
// are multiplied and its bias is computed by operators on the parameters. Other batch_norms stay.
void fold_batch_norm(ir::Graph& graph, Diagnostics& diagnostics);
// Only where all operands are constants: layers that training leaves as they are.
void fold_constant_batch_norm(ir::Graph& graph, Diagnostics& diagnostics);

}  // namespace mote
