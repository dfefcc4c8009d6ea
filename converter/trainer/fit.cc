// From a model to the loop.
#include "grad/training_module.h"
#include "import/mote/mote.h"
#include "trainer/build_graph.h"
#include "trainer/failure.h"
#include "trainer/loop.h"

namespace mote {

FitResult fit(const Sequential& model, const Dataset& train, const Dataset& validation,
              const FitOptions& options) {
  if (options.training.loss != Loss::softmax_cross_entropy)
    trainer::wrong_use("the options", "the loss is none of classes", "take softmax_cross_entropy");
  if (options.training.train_batch < 1)
    trainer::wrong_use("the options", "the batch is below 1", "1 or more");
  TrainingOptions training = options.training;
  training.seed = options.seed;
  Diagnostics diagnostics;
  ir::Module module =
      make_training_module(trainer::build_graph(model, options.seed), training, diagnostics);
  trainer::require(diagnostics);
  module.metadata.emplace(
      "provenance",
      "trained by Mote" + (options.recipe.empty() ? std::string() : ", recipe " + options.recipe));
  return trainer::run_training(std::move(module), train, validation, options);
}

FitResult fit(Span<const uint8_t> model, const Dataset& train, const Dataset& validation,
              const FitOptions& options) {
  Diagnostics diagnostics;
  ir::Module module = import_mote(model, diagnostics);
  trainer::require(diagnostics);
  FitOptions own = options;
  if (auto found = module.metadata.find(kNormalizationKey); found != module.metadata.end())
    own.normalization = *parse_normalization(found->second.c_str());
  if (module.metadata.count("labels") != 0) own.label_names.clear();
  return trainer::run_training(std::move(module), train, validation, own);
}

}  // namespace mote
