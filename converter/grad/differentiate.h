// Reverse-mode automatic differentiation: gradients are operators of the same graph.
#pragma once

#include <vector>

#include "diagnostics.h"
#include "ir/graph.h"

namespace mote {

// Appends to `graph` the operators that compute the gradient of `loss` (its elements' sum, when it
// has several) with respect to each of `targets`, and returns those gradients, float32 in the shape
// of the target; kNone for a target that the loss does not depend on. Only what leads to a target
// is computed. Gradients of a value that several operators read are added in the reverse of the
// readers' order. Shapes on the way must be static.
//
// Every operator on the way that has no gradient is added to `diagnostics`, with the targets that
// can be trained without it; the graph is then unchanged.
std::vector<ir::ValueId> differentiate(ir::Graph& graph, ir::ValueId loss,
                                       const std::vector<ir::ValueId>& targets,
                                       Diagnostics& diagnostics);

}  // namespace mote
