// From a model to the loop.
#include "grad/training_module.h"
#include "import/mote/mote.h"
#include "trainer/build_graph.h"
#include "trainer/failure.h"
#include "trainer/loop.h"

namespace mote {
namespace {

// What the importer complains about, with the file's name.
void require_import(const Diagnostics& diagnostics, const std::string& name) {
  if (diagnostics.empty()) return;
  std::vector<Diagnostic> list = diagnostics.list();
  for (Diagnostic& d : list) d.where = d.where.empty() ? name : name + ", " + d.where;
  throw TrainingError(TrainingError::Kind::bad_input, std::move(list));
}

void require_train(const ir::Module& module, const std::string& name) {
  for (const ir::Graph& graph : module.graphs) {
    if (graph.name == "train") return;
  }
  trainer::bad_input(name, "has no entry point 'train'",
                     "'mote convert --trainable' makes it from a float .tflite model");
}

}  // namespace

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
  require_import(diagnostics, options.model_name);
  require_train(module, options.model_name);
  FitOptions own = options;
  if (auto found = module.metadata.find(kNormalizationKey); found != module.metadata.end())
    own.normalization = *parse_normalization(found->second.c_str());
  if (module.metadata.count("labels") != 0) own.label_names.clear();
  return trainer::run_training(std::move(module), train, validation, own);
}

}  // namespace mote
