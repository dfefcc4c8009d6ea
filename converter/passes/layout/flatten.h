// A transpose before a flatten moves into the weights of the fully_connected behind it.
#pragma once

#include "ir/graph.h"

namespace mote::layout {

void flatten_into_weights(ir::Graph& graph);

}  // namespace mote::layout
