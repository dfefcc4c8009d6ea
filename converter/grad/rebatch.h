// Another batch size.
#pragma once

#include "diagnostics.h"
#include "ir/graph.h"

namespace mote {

// Gives the first dimension of every input the bounds `batch` and recomputes all shapes. Reshapes
// and slices that name the old batch in first place take whatever comes.
void set_batch(ir::Graph& graph, Dim batch, Diagnostics& diagnostics);

}  // namespace mote
