// The order of a graph's nodes.
#pragma once

#include "ir/graph.h"

namespace mote {

// Moves what stands behind a reader of its result in front of that reader; else keeps the order.
void sort_topologically(ir::Graph& graph);

// Moves each node that writes states to the earliest place that the file allows and that leaves
// every reader of those states the old elements: behind its operands, behind all readers of the
// states (also through views), and behind every node that can fail at run. Gradients so die early.
void hoist_state_writes(ir::Graph& graph);

}  // namespace mote
