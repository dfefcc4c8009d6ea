// Derived states back as the nodes that compute them.
#pragma once

#include "ir/graph.h"

namespace mote {

// Where `graph` reads a state that a derive graph of the module writes, it computes the value
// itself. The derive graphs stay for other readers.
void inline_derives(ir::Graph& graph, const std::vector<ir::Graph>& derives);

}  // namespace mote
