// A Sequential as a float graph with trainable constants.
#pragma once

#include "ir/graph.h"
#include "mote/trainer.h"

namespace mote::trainer {

// Input "input" [1, ...], output "output"; parameters "<layer>/weights", "<layer>/bias", ... with
// initial values that are a function of `seed` and the layer's number.
ir::Graph build_graph(const Sequential& model, uint64_t seed);

}  // namespace mote::trainer
