// The loop around a session: the graph alone updates the weights.
#pragma once

#include <vector>

#include "export/write_file.h"
#include "ir/graph.h"
#include "mote/trainer.h"

namespace mote::trainer {

// Trains a module with the entry points `train` and `eval`. Throws TrainingError.
FitResult run_training(ir::Module module, const Dataset& train, const Dataset& validation,
                       const FitOptions& options, FileCalls& calls = system_calls());

}  // namespace mote::trainer
