// An imported model with training.
#pragma once

#include "diagnostics.h"
#include "ir/graph.h"

namespace mote {

// Replaces the module's one graph, float32 and through the passes, by `infer`, `train` and `eval`
// (training_module.h) with the weights and biases of its layers as parameters.
void make_trainable(ir::Module& module, const TrainingOptions& options, Diagnostics& diagnostics);

}  // namespace mote
