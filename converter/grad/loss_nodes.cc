#include "grad/loss_nodes.h"

#include "ir/op_view.h"
#include "train/attributes.h"

namespace mote {
namespace {

using ir::ValueId;

constexpr int32_t kNoIgnoredLabel = -1;

// softmax(beta * x) -> beta * x: the loss has a softmax of its own.
ValueId logits_of(Builder& g, ValueId prediction) {
  int32_t p = ir::producers(g.graph())[static_cast<size_t>(prediction)];
  if (p < 0) return prediction;
  const ir::Node& node = g.graph().nodes[static_cast<size_t>(p)];
  if (node.op != op_code::softmax) return prediction;
  return g.scale(node.inputs[0], node.attrs<SoftmaxAttrs>().beta);
}

ValueId add_target(ir::Graph& graph, Type type, const ShapeBounds& shape) {
  ir::Value target;
  target.name = "target";
  target.type = type;
  target.shape = shape;
  ValueId v = graph.add_value(std::move(target));
  graph.inputs.push_back({"target", v});
  return v;
}

ValueId add_cross_entropy(Builder& g, ValueId prediction, float label_smoothing) {
  ValueId logits = logits_of(g, prediction);
  ShapeBounds labels = g.shape(logits);
  --labels.rank;
  ValueId target = add_target(g.graph(), Type::int32, labels);
  SoftmaxCrossEntropyAttrs a{label_smoothing, kNoIgnoredLabel};
  return g.nodes(op_code::softmax_cross_entropy, a, {logits, target},
                 {Type::float32, Type::float32})[0];
}

ValueId add_mse(Builder& g, ValueId prediction) {
  ValueId target = add_target(g.graph(), Type::float32, g.shape(prediction));
  return g.nodes(op_code::mse, ir::Bytes{}, {prediction, target},
                 {Type::float32, Type::float32})[0];
}

}  // namespace

ValueId add_loss(ir::Graph& graph, const TrainingOptions& options, Diagnostics& diagnostics) {
  ValueId prediction = graph.outputs[0].value;
  const ShapeBounds& shape = graph.value(prediction).shape;
  Dim batch = graph.value(graph.inputs[0].value).shape.dims[0];
  const int32_t least_rank = options.loss == Loss::mse ? 1 : 2;
  if (shape.rank < least_rank || shape.dims[0].min != batch.min || shape.dims[0].max != batch.max) {
    diagnostics.add("output '" + graph.outputs[0].name + "'",
                    "a loss takes [batch, ...], found " + ir::shape_text(shape) +
                        " for a batch of " + std::to_string(batch.max));
    return ir::kNone;
  }
  Builder g(graph, diagnostics);
  g.set_scope("loss");
  return options.loss == Loss::mse ? add_mse(g, prediction)
                                   : add_cross_entropy(g, prediction, options.label_smoothing);
}

}  // namespace mote
