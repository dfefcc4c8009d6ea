#include "grad/hoist_derives.h"

#include <map>
#include <numeric>
#include <set>

#include "grad/parameters.h"
#include "ir/evaluator.h"
#include "ir/op_view.h"
#include "passes/rewrite.h"

namespace mote {
namespace {

using ir::ValueId;

size_t at(ValueId v) { return static_cast<size_t>(v); }

// How a value depends on states that the graph only reads.
enum class Origin {
  other,     // an input enters, or no state does
  constant,  // no state enters
  view,      // the elements of one state
  computed   // what a derive graph is worth
};

class Hoist {
 public:
  Hoist(ir::Graph& graph, std::vector<ir::Graph>& derives, Diagnostics& diagnostics)
      : graph_(graph),
        derives_(derives),
        diagnostics_(diagnostics),
        origin_(graph.values.size(), Origin::other),
        producer_(ir::producers(graph)),
        group_(graph.nodes.size()) {
    std::iota(group_.begin(), group_.end(), size_t{0});
    for (const std::string& name : training_state_names()) names_.insert(name);
    for (const ir::Value& v : graph.values) {
      if (!names_.insert(v.name).second) repeated_.insert(v.name);
      if (v.kind != TensorKind::state) continue;
      for (const std::string& name : training_state_names(v.name))
        if (!names_.insert(name).second) repeated_.insert(name);
    }
  }

  void run() {
    find_origins();
    join_groups();
    std::map<size_t, std::vector<ValueId>> results;  // of each group, in the order of its nodes
    for (ValueId v : results_of_computed_nodes()) results[group(producer_[at(v)])].push_back(v);
    std::vector<bool> dropped(graph_.nodes.size(), false);
    for (size_t n = 0; n < graph_.nodes.size(); ++n) dropped[n] = is_computed(graph_.nodes[n]);
    std::vector<ir::Node> reads;
    for (const auto& [root, values] : results) make_derive(values, &reads);
    drop_nodes(graph_, dropped);
    graph_.nodes.insert(graph_.nodes.begin(), reads.begin(), reads.end());
    ir::remove_unused_values(graph_);
  }

 private:
  void find_origins() {
    std::set<std::string> written;
    for (const ir::Node& node : graph_.nodes)
      if (const Operator* op = ir::find_operator(node.op); (op->flags & kWritesState) != 0)
        for (size_t i = 0; i < op->states; ++i) written.insert(graph_.value(node.inputs[i]).name);
    for (size_t v = 0; v < origin_.size(); ++v) {
      const ir::Value& value = graph_.values[v];
      if (value.kind == TensorKind::constant) origin_[v] = Origin::constant;
      if (value.kind == TensorKind::state && written.count(value.name) == 0)
        origin_[v] = Origin::view;
    }
    for (const ir::Node& node : graph_.nodes)
      for (ValueId v : node.outputs) origin_[at(v)] = origin_of(node, v);
  }

  Origin origin_of(const ir::Node& node, ValueId result) const {
    const Operator* op = ir::find_operator(node.op);
    if ((op->flags & kFallible) != 0 || !graph_.value(result).shape.is_static())
      return Origin::other;
    bool any_state = false;
    for (ValueId v : node.inputs) {
      if (v == ir::kNone) continue;
      if (origin_[at(v)] == Origin::other) return Origin::other;
      any_state = any_state || origin_[at(v)] != Origin::constant;
    }
    if (!any_state) return node.inputs.empty() ? Origin::other : Origin::constant;
    bool is_view = (op->flags & kView) != 0 && origin_[at(node.inputs[0])] == Origin::view;
    return is_view ? Origin::view : Origin::computed;
  }

  bool is_computed(const ir::Node& node) const {
    return !node.outputs.empty() && origin_[at(node.outputs[0])] == Origin::computed;
  }

  size_t group(int32_t node) {
    auto n = static_cast<size_t>(node);
    while (group_[n] != n) n = group_[n] = group_[group_[n]];
    return n;
  }

  // Computed nodes that read each other's results go into one graph.
  void join_groups() {
    for (size_t n = 0; n < graph_.nodes.size(); ++n) {
      if (!is_computed(graph_.nodes[n])) continue;
      for (ValueId v : graph_.nodes[n].inputs)
        if (v != ir::kNone && origin_[at(v)] == Origin::computed)
          group_[group(producer_[at(v)])] = group(static_cast<int32_t>(n));
    }
  }

  // Those that nodes or ports of the rest read.
  std::vector<ValueId> results_of_computed_nodes() const {
    std::vector<bool> read(graph_.values.size(), false);
    for (const ir::Port& port : graph_.outputs) read[at(port.value)] = true;
    for (const ir::Node& node : graph_.nodes)
      for (ValueId v : node.inputs)
        if (v != ir::kNone && !is_computed(node)) read[at(v)] = true;
    std::vector<ValueId> results;
    for (const ir::Node& node : graph_.nodes)
      for (ValueId v : node.outputs)
        if (is_computed(node) && read[at(v)]) results.push_back(v);
    return results;
  }

  // The nodes that `values` need, in their order.
  std::vector<ir::Node> closure(const std::vector<ValueId>& values) const {
    std::vector<bool> needed(graph_.values.size(), false);
    for (ValueId v : values) needed[at(v)] = true;
    std::vector<ir::Node> nodes;
    for (size_t n = graph_.nodes.size(); n-- > 0;) {
      const ir::Node& node = graph_.nodes[n];
      bool any = false;
      for (ValueId v : node.outputs) any = any || needed[at(v)];
      if (!any) continue;
      for (ValueId v : node.inputs)
        if (v != ir::kNone) needed[at(v)] = true;
      nodes.insert(nodes.begin(), node);
    }
    return nodes;
  }

  std::string unique_name(const std::string& name) {
    std::string candidate = name;
    for (int i = 1; !names_.insert(candidate).second; ++i)
      candidate = name + "_" + std::to_string(i);
    return candidate;
  }

  void make_derive(const std::vector<ValueId>& values, std::vector<ir::Node>* reads) {
    std::vector<ir::Value> states;
    for (ValueId v : values) {
      ir::Value state = graph_.value(v);
      state.kind = TensorKind::state;
      // States of one name would be one state.
      if (state.name.empty() || repeated_.count(state.name) != 0)
        state.name = unique_name(state.name.empty() ? "derived" : state.name);
      states.push_back(state);
      graph_.value(v).name = unique_name(state.name + "/value");
    }
    ir::Graph derive;
    derive.name = "derive " + states[0].name;
    derive.values = graph_.values;
    derive.nodes = closure(values);
    std::vector<ValueId> targets;
    for (size_t i = 0; i < values.size(); ++i) {
      targets.push_back(derive.add_value(states[i]));
      derive.nodes.push_back(state_node(op_code::assign_state, {targets[i], values[i]}, {}));
    }
    std::map<ValueId, ir::Bytes> written;
    evaluate(derive, {}, diagnostics_, Precision::as_is,
             [&](ValueId v, const Evaluated& e) { written[v] = e.bytes; });
    for (size_t i = 0; i < values.size(); ++i) {
      auto data = std::make_shared<const ir::Bytes>(written[targets[i]]);
      derive.value(targets[i]).data = states[i].data = data;
      ValueId s = graph_.add_value(states[i]);
      reads->push_back(state_node(op_code::read_state, {s}, {values[i]}));
    }
    ir::remove_unused_values(derive);
    derives_.push_back(std::move(derive));
  }

  static ir::Node state_node(uint16_t op, std::vector<ValueId> inputs,
                             std::vector<ValueId> outputs) {
    ir::Node node;
    node.op = op;
    node.inputs = std::move(inputs);
    node.outputs = std::move(outputs);
    return node;
  }

  ir::Graph& graph_;
  std::vector<ir::Graph>& derives_;
  Diagnostics& diagnostics_;
  std::vector<Origin> origin_;
  std::vector<int32_t> producer_;
  std::vector<size_t> group_;  // union-find over nodes
  std::set<std::string> names_;
  std::set<std::string> repeated_;  // names that more than one value has, or that are reserved
};

}  // namespace

void hoist_derives(ir::Graph& graph, std::vector<ir::Graph>& derives, Diagnostics& diagnostics) {
  Hoist(graph, derives, diagnostics).run();
}

void hoist_derives(ir::Module& module, Diagnostics& diagnostics) {
  for (ir::Graph& graph : module.graphs)
    if (graph.name == "infer") hoist_derives(graph, module.derives, diagnostics);
}

}  // namespace mote
