#include "grad/freeze.h"

#include <set>

#include "base/checked.h"
#include "ir/evaluator.h"
#include "ir/op_view.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace mote {
namespace {

// Calls action(value) for every state of every graph, the entry points' first.
template <class Module, class Action>
void for_states(Module& module, Action&& action) {
  for (auto* graphs : {&module.graphs, &module.derives})
    for (auto& graph : *graphs)
      for (auto& value : graph.values)
        if (value.kind == TensorKind::state) action(value);
}

std::set<std::string> written_states(const ir::Graph& graph) {
  std::set<std::string> names;
  for (const ir::Node& node : graph.nodes) {
    const Operator* op = ir::find_operator(node.op);
    if (op == nullptr || (op->flags & kWritesState) == 0) continue;
    for (size_t i = 0; i < op->states; ++i) names.insert(graph.value(node.inputs[i]).name);
  }
  return names;
}

std::shared_ptr<const ir::Bytes> data_of(const ir::Value& state) {
  if (state.data != nullptr) return state.data;
  auto bytes = static_cast<size_t>(max_bytes_of(state.shape, state.type));
  return std::make_shared<const ir::Bytes>(ir::Bytes(bytes));
}

// The result of reading a state becomes a constant of the state's name.
void freeze_states(ir::Graph& graph) {
  const std::set<std::string> written = written_states(graph);
  Replacements replacements(graph);
  std::vector<bool> dropped(graph.nodes.size(), false);
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    const ir::Node& node = graph.nodes[n];
    if (node.op != op_code::read_state) continue;
    const ir::Value state = graph.value(node.inputs[0]);
    if (written.count(state.name) != 0) continue;
    ir::Value constant = state;
    constant.kind = TensorKind::constant;
    constant.data = data_of(state);
    // A port must stay what a node writes.
    dropped[n] = replacements.replace(node.outputs[0], graph.add_value(std::move(constant)));
  }
  for (ir::Node& node : graph.nodes) replacements.resolve_inputs(node);
  drop_nodes(graph, dropped);
}

}  // namespace

StateValues state_values(const ir::Module& module) {
  StateValues values;
  for_states(module, [&](const ir::Value& v) { values.emplace(v.name, v.data); });
  return values;
}

void set_state_values(ir::Module& module, const StateValues& values) {
  for_states(module, [&](ir::Value& v) {
    if (auto it = values.find(v.name); it != values.end()) v.data = it->second;
  });
}

void refresh_derived(ir::Module& module, Diagnostics& diagnostics) {
  set_state_values(module, state_values(module));
  for (size_t i = 0; i < module.derives.size(); ++i) {
    const ir::Graph& derive = module.derives[i];
    StateValues written;
    evaluate(derive, {}, diagnostics, Precision::as_is, [&](ir::ValueId id, const Evaluated& e) {
      const ir::Value& v = derive.value(id);
      if (v.kind == TensorKind::state) written[v.name] = std::make_shared<ir::Bytes>(e.bytes);
    });
    set_state_values(module, written);
  }
}

ir::Module freeze(const ir::Module& module, Diagnostics& diagnostics) {
  ir::Module current = module, frozen;
  refresh_derived(current, diagnostics);
  frozen.metadata = module.metadata;
  for (ir::Graph& graph : current.graphs)
    if (graph.name == "infer") frozen.graphs.push_back(std::move(graph));
  if (frozen.graphs.empty()) diagnostics.add("", "the model has no entry point 'infer'");
  for (ir::Graph& graph : frozen.graphs) freeze_states(graph);
  if (diagnostics.empty()) run_passes(frozen, true, diagnostics);
  return frozen;
}

}  // namespace mote
