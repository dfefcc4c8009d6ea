// The entry point `train`.
#pragma once

#include "diagnostics.h"
#include "grad/parameters.h"
#include "ir/graph.h"

namespace mote {

// `model`: the float graph, whose parameters and running statistics are read from states;
// `parameters` those that are trained.
ir::Graph make_train_graph(const ir::Graph& model, const std::vector<StateRead>& parameters,
                           const TrainingOptions& options, Diagnostics& diagnostics);

}  // namespace mote
