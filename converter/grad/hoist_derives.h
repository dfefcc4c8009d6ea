// What a graph computes from states alone is computed when they change, not at every run.
#pragma once

#include "diagnostics.h"
#include "ir/graph.h"

namespace mote {

// Moves nodes of `graph` that depend on constants and on states that it does not write into derive
// graphs, appended to `derives`: one for each set of nodes that hang together. What the rest of
// `graph` reads of them becomes a state of the value's name, with the value that it has now. Views
// alone, and nodes that can fail at run, stay.
void hoist_derives(ir::Graph& graph, std::vector<ir::Graph>& derives, Diagnostics& diagnostics);

// The same for the module's `infer`.
void hoist_derives(ir::Module& module, Diagnostics& diagnostics);

}  // namespace mote
