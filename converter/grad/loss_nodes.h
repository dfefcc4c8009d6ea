// The loss of a model's first output.
#pragma once

#include "ir/builder.h"

namespace mote {

// Adds the input "target" and the loss; returns the loss, kNone with diagnostics.
ir::ValueId add_loss(ir::Graph& graph, const TrainingOptions& options, Diagnostics& diagnostics);

}  // namespace mote
