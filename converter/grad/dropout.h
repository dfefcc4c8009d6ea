// Dropout in a model: y = x * dropout_mask(x).
#pragma once

#include "diagnostics.h"
#include "ir/graph.h"

namespace mote {

bool has_dropout(const ir::Graph& graph);
// y = x.
void remove_dropout(ir::Graph& graph, Diagnostics& diagnostics);
// Each mask draws from `seed` (int32 [2]) and `step` (int32 [1]) with a stream of its own.
void seed_dropout(ir::Graph& graph, ir::ValueId seed, ir::ValueId step);

}  // namespace mote
