#include "grad/train_graph.h"

#include <algorithm>

#include "grad/differentiate.h"
#include "grad/dropout.h"
#include "grad/fold_batch_norm.h"
#include "grad/loss_nodes.h"
#include "grad/optimizer_nodes.h"
#include "grad/order.h"
#include "grad/rebatch.h"
#include "ir/builder.h"
#include "passes/passes.h"

namespace mote {
namespace {

using ir::ValueId;

ir::Value integers(const std::string& name, const std::vector<int32_t>& elements) {
  ir::Value v;
  v.name = name;
  v.type = Type::int32;
  v.shape = ir::shape_of({static_cast<int32_t>(elements.size())});
  ir::Bytes bytes(elements.size() * sizeof(int32_t));
  memcpy(bytes.data(), elements.data(), bytes.size());
  v.data = std::make_shared<const ir::Bytes>(std::move(bytes));
  return v;
}

class TrainGraph {
 public:
  TrainGraph(const ir::Graph& model, const std::vector<StateRead>& parameters,
             const TrainingOptions& options, Diagnostics& diagnostics)
      : graph_(model), parameters_(parameters), options_(options), diagnostics_(diagnostics) {
    graph_.name = "train";
    for (const StateRead& p : parameters) names_.push_back(graph_.value(p.state).name);
  }

  ir::Graph build() {
    size_t before = diagnostics_.list().size();
    auto failed = [&] { return diagnostics_.list().size() != before; };
    add_random_state();
    infer_shapes(graph_, diagnostics_);
    if (options_.train_batch_norm) train_batch_norms();
    set_batch(graph_, {options_.train_batch, options_.train_batch}, diagnostics_);
    if (!failed()) fold_constant_batch_norm(graph_, diagnostics_);
    if (!failed()) simplify();
    if (!failed()) loss_ = add_loss(graph_, options_, diagnostics_);
    if (failed()) return {};
    Builder builder(graph_, diagnostics_);
    builder.set_scope("loss");
    ValueId checked = builder.node(op_code::require_finite, {loss_});
    add_updates();
    if (failed()) return {};
    graph_.outputs.insert(graph_.outputs.begin(), {"loss", checked});
    simplify();
    if (failed()) return {};
    write_back();
    hoist_state_writes(graph_);
    return std::move(graph_);
  }

 private:
  // What dropout draws from.
  void add_random_state() {
    if (!has_dropout(graph_)) return;
    StateRead step = add_state(graph_, integers("step", {0}));
    auto low = static_cast<int32_t>(options_.seed),
         high = static_cast<int32_t>(options_.seed >> 32);
    StateRead seed = add_state(graph_, integers("random_seed", {low, high}));
    seed_dropout(graph_, seed.value, step.value);
  }

  // y by the batch's statistics; the running ones are written at the end.
  void train_batch_norms() {
    for (ir::Node& node : graph_.nodes) {
      if (!is_trained_batch_norm(graph_, node, parameters_)) continue;
      node.op = op_code::batch_norm_train;
      const std::string name = graph_.value(node.outputs[0]).name;
      for (const char* result : {"/mean", "/inverse_std", "/running_mean", "/running_variance"}) {
        ir::Value v;
        v.name = name + result;
        v.shape = graph_.value(node.inputs[1]).shape;
        node.outputs.push_back(graph_.add_value(std::move(v)));
      }
    }
  }

  void simplify() {
    ir::Module module;
    module.graphs.push_back(std::move(graph_));
    run_passes(module, true, diagnostics_);
    graph_ = std::move(module.graphs[0]);
  }

  ValueId find_state(const std::string& name) const {
    for (size_t v = 0; v < graph_.values.size(); ++v)
      if (graph_.values[v].kind == TensorKind::state && graph_.values[v].name == name)
        return static_cast<ValueId>(v);
    return ir::kNone;
  }
  // The value that is read from a state.
  ValueId find_value(ValueId state) const {
    for (const ir::Node& node : graph_.nodes)
      if (node.op == op_code::read_state && node.inputs[0] == state) return node.outputs[0];
    return ir::kNone;
  }

  void add_updates() {
    std::vector<ValueId> states, targets;
    for (const std::string& name : names_) {
      ValueId state = find_state(name);
      if (state == ir::kNone) continue;  // nothing that remains reads it
      states.push_back(state);
      targets.push_back(find_value(state));
    }
    std::vector<ValueId> gradients = differentiate(graph_, loss_, targets, diagnostics_);
    ir::Value rate;
    rate.name = "learning_rate";
    rate.shape = ir::shape_of({1});
    OptimizerInputs inputs{graph_.add_value(std::move(rate)), next_step(), ir::kNone};
    graph_.inputs.push_back({"learning_rate", inputs.rate});
    inputs.hyper = add_hyper_parameters(graph_, options_);
    for (size_t i = 0; i < gradients.size(); ++i)
      if (gradients[i] != ir::kNone)
        add_optimizer(graph_, options_, states[i], gradients[i], inputs);
  }

  // step + 1, and the write of it.
  ValueId next_step() {
    Builder builder(graph_, diagnostics_);
    builder.set_scope("step");
    // Dropout may have put it there.
    ValueId state = find_state("step");
    ValueId step =
        state == ir::kNone ? add_state(graph_, integers("step", {0})).value : find_value(state);
    ValueId one = graph_.add_value(integers("step/one", {1}));
    graph_.value(one).kind = TensorKind::constant;
    ValueId next = builder.node(op_code::add, BinaryAttrs{}, {step, one}, Type::int32);
    // In front, since every update of adam waits for it.
    auto behind_read =
        std::find_if(graph_.nodes.begin(), graph_.nodes.end(),
                     [&](const auto& n) { return !n.outputs.empty() && n.outputs[0] == step; }) +
        1;
    std::rotate(behind_read, graph_.nodes.end() - 1, graph_.nodes.end());
    assign(find_state("step"), next);
    return next;
  }

  void assign(ValueId state, ValueId value) {
    ir::Node node;
    node.op = op_code::assign_state;
    node.inputs = {state, value};
    node.location = "update of " + graph_.value(state).name;
    graph_.nodes.push_back(std::move(node));
  }

  // The running statistics of every batch_norm_train.
  void write_back() {
    const size_t count = graph_.nodes.size();
    for (size_t n = 0; n < count; ++n) {
      const ir::Node node = graph_.nodes[n];
      if (node.op != op_code::batch_norm_train) continue;
      for (size_t i : {3, 4}) {
        StateRead read = find_read(graph_, node.inputs[i]);
        if (read.state != ir::kNone) assign(read.state, node.outputs[i]);
      }
    }
  }

  ir::Graph graph_;
  const std::vector<StateRead>& parameters_;
  const TrainingOptions& options_;
  Diagnostics& diagnostics_;
  std::vector<std::string> names_;  // of the parameters' states
  ValueId loss_ = ir::kNone;
};

}  // namespace

ir::Graph make_train_graph(const ir::Graph& model, const std::vector<StateRead>& parameters,
                           const TrainingOptions& options, Diagnostics& diagnostics) {
  return TrainGraph(model, parameters, options, diagnostics).build();
}

}  // namespace mote
