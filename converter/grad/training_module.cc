#include "grad/training_module.h"

#include "grad/dropout.h"
#include "grad/fold_batch_norm.h"
#include "grad/hoist_derives.h"
#include "grad/loss_nodes.h"
#include "grad/parameters.h"
#include "grad/rebatch.h"
#include "grad/train_graph.h"
#include "passes/passes.h"

namespace mote {
namespace {

void check_options(const TrainingOptions& o, Diagnostics& diagnostics) {
  auto in = [&](const char* name, double value, double lo, double hi) {
    if (!(value >= lo && value <= hi))
      diagnostics.add(std::string("training option '") + name + "'",
                      "expected " + std::to_string(lo) + " to " + std::to_string(hi) + ", found " +
                          std::to_string(value));
  };
  constexpr double kLarge = 1e6;
  in("train_batch", o.train_batch, 1, 1 << 20);
  in("label_smoothing", o.label_smoothing, 0, 1);
  in("momentum", o.momentum, 0, 1);
  in("beta1", o.beta1, 0, 1);
  in("beta2", o.beta2, 0, 1);
  in("epsilon", o.epsilon, 0, kLarge);
  in("weight_decay", o.weight_decay, 0, kLarge);
}

void check_model(const ir::Graph& model, Diagnostics& diagnostics) {
  bool any = false;
  for (const ir::Value& v : model.values) {
    if (v.quantization.quantized())
      diagnostics.add("tensor '" + v.name + "'", "the model is quantized",
                      "train the float model and quantize the result");
    any = any || (v.trainable && v.kind == TensorKind::constant);
    if (!diagnostics.empty()) return;
  }
  if (!any) diagnostics.add("", "the model has no trainable parameter");
  if (model.inputs.empty() || model.outputs.empty())
    diagnostics.add("", "a model that is trained needs an input and an output");
  for (const ir::Port& port : model.inputs)
    if (port.name == "target" || port.name == "learning_rate")
      diagnostics.add("input '" + port.name + "'", "training has an input of this name",
                      "rename the input");
  for (const ir::Port& port : model.outputs)
    if (port.name == "loss")
      diagnostics.add("output 'loss'", "training has an output of this name", "rename the output");
}

ir::Graph make_eval_graph(const ir::Graph& infer, const TrainingOptions& options,
                          Diagnostics& diagnostics) {
  ir::Graph graph = infer;
  graph.name = "eval";
  size_t before = diagnostics.list().size();
  set_batch(graph, {1, options.train_batch}, diagnostics);
  if (diagnostics.list().size() != before) return {};
  ir::ValueId loss = add_loss(graph, options, diagnostics);
  graph.outputs.insert(graph.outputs.begin(), {"loss", loss});
  return graph;
}

}  // namespace

ir::Module make_training_module(const ir::Graph& model, const TrainingOptions& options,
                                Diagnostics& diagnostics) {
  check_options(options, diagnostics);
  check_model(model, diagnostics);
  if (!diagnostics.empty()) return {};
  ir::Graph base = model;
  const std::vector<StateRead> parameters = parameters_to_states(base);

  ir::Module module;
  ir::Graph infer = base;
  infer.name = "infer";
  remove_dropout(infer, diagnostics);
  infer_shapes(infer, diagnostics);
  if (!diagnostics.empty()) return {};
  fold_batch_norm(infer, diagnostics);
  if (diagnostics.empty()) hoist_derives(infer, module.derives, diagnostics);
  if (!diagnostics.empty()) return {};
  // Both read what the derive graphs write.
  ir::Graph eval = make_eval_graph(infer, options, diagnostics);
  ir::Graph train = make_train_graph(base, parameters, options, diagnostics);
  if (!diagnostics.empty()) return {};
  ir::Module inference;
  inference.graphs = {std::move(infer), std::move(eval)};
  run_passes(inference, true, diagnostics);
  if (!diagnostics.empty()) return {};
  module.graphs = std::move(inference.graphs);
  module.graphs.insert(module.graphs.begin() + 1, std::move(train));
  return module;
}

}  // namespace mote
