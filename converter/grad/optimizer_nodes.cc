#include "grad/optimizer_nodes.h"

#include "train/attributes.h"

namespace mote {
namespace {

using ir::ValueId;

ValueId add_zero_state(ir::Graph& graph, ValueId parameter, const std::string& suffix) {
  ir::Value state = graph.value(parameter);
  state.name += suffix;
  state.data = nullptr;
  return graph.add_value(std::move(state));
}

void append(ir::Graph& graph, uint16_t op, const OptimizerAttrs& attrs,
            std::vector<ValueId> inputs) {
  ir::Node node;
  node.op = op;
  node.set_attrs(attrs);
  node.location = "update of " + graph.value(inputs[0]).name;
  node.inputs = std::move(inputs);
  graph.nodes.push_back(std::move(node));
}

}  // namespace

ValueId add_hyper_parameters(ir::Graph& graph, const TrainingOptions& options) {
  std::vector<float> hyper = {options.momentum, options.weight_decay};
  if (options.optimizer != Optimizer::sgd)
    hyper = {options.beta1, options.beta2, options.epsilon, options.weight_decay};
  return graph.add_constant("hyper_parameters", Type::float32,
                            ir::shape_of({static_cast<int32_t>(hyper.size())}), hyper);
}

void add_optimizer(ir::Graph& graph, const TrainingOptions& options, ValueId parameter,
                   ValueId gradient, const OptimizerInputs& inputs) {
  OptimizerAttrs a{};
  if (options.optimizer == Optimizer::sgd) {
    a.nesterov = options.nesterov;
    ValueId velocity = add_zero_state(graph, parameter, "/velocity");
    return append(graph, op_code::sgd, a,
                  {parameter, velocity, gradient, inputs.rate, inputs.hyper});
  }
  a.decoupled = options.optimizer == Optimizer::adamw;
  ValueId m = add_zero_state(graph, parameter, "/m"), v = add_zero_state(graph, parameter, "/v");
  append(graph, op_code::adam, a,
         {parameter, m, v, gradient, inputs.rate, inputs.step, inputs.hyper});
}

}  // namespace mote
