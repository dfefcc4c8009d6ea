#include "grad/make_trainable.h"

#include "grad/parameters.h"
#include "grad/training_module.h"

namespace mote {

void make_trainable(ir::Module& module, const TrainingOptions& options, Diagnostics& diagnostics) {
  if (module.graphs.size() != 1) {
    diagnostics.add(
        "",
        "training takes a model of one entry point, found " + std::to_string(module.graphs.size()),
        "convert each of them from a file of its own");
    return;
  }
  ir::Graph& model = module.graphs[0];
  mark_parameters(model);
  ir::Module trainable = make_training_module(model, options, diagnostics);
  trainable.metadata = std::move(module.metadata);
  module = std::move(trainable);
}

}  // namespace mote
