#include "grad/order.h"

#include <algorithm>
#include <map>

#include "ir/op_view.h"

namespace mote {
namespace {

size_t at(ir::ValueId v) { return static_cast<size_t>(v); }

uint8_t flags_of(const ir::Node& node) {
  const Operator* op = ir::find_operator(node.op);
  return op == nullptr ? uint8_t{0} : op->flags;
}

bool writes_states(const ir::Node& node) { return (flags_of(node) & kWritesState) != 0; }

bool reads_elements(const ir::Node& node, size_t input) {
  const Operator* op = ir::find_operator(node.op);
  return op == nullptr || input >= 8 || (op->shape_inputs >> input & 1) == 0;
}

// value -> the state whose elements it may share memory with, or kNone.
std::vector<ir::ValueId> aliased_states(const ir::Graph& graph) {
  std::vector<ir::ValueId> state(graph.values.size(), ir::kNone);
  for (size_t v = 0; v < graph.values.size(); ++v)
    if (graph.values[v].kind == TensorKind::state) state[v] = static_cast<ir::ValueId>(v);
  for (const ir::Node& node : graph.nodes)
    if ((flags_of(node) & kView) != 0) state[at(node.outputs[0])] = state[at(node.inputs[0])];
  return state;
}

}  // namespace

void sort_topologically(ir::Graph& graph) {
  std::vector<int32_t> producer = ir::producers(graph);
  std::vector<bool> placed(graph.nodes.size(), false);
  std::vector<ir::Node> sorted;
  // (node, next input to look at): a chain may be deeper than the stack.
  std::vector<std::pair<size_t, size_t>> open;
  for (size_t root = 0; root < graph.nodes.size(); ++root) {
    if (!placed[root]) open.emplace_back(root, 0);
    while (!open.empty()) {
      auto& [n, input] = open.back();
      ir::Node& node = graph.nodes[n];
      if (placed[n] || input == node.inputs.size()) {
        if (!placed[n]) sorted.push_back(std::move(node));
        placed[n] = true;
        open.pop_back();
        continue;
      }
      ir::ValueId v = node.inputs[input++];
      int32_t p = v == ir::kNone ? -1 : producer[at(v)];
      if (p >= 0 && !placed[static_cast<size_t>(p)]) open.emplace_back(static_cast<size_t>(p), 0);
    }
  }
  graph.nodes = std::move(sorted);
}

void hoist_state_writes(ir::Graph& graph) {
  std::vector<ir::ValueId> state = aliased_states(graph);
  std::map<std::string, size_t> last_read;  // by the state's name
  std::vector<size_t> written(graph.values.size(), 0);
  size_t first_safe = 0, position = 0;
  for (const ir::Node& node : graph.nodes) {
    if (writes_states(node)) continue;
    ++position;
    for (ir::ValueId v : node.outputs) written[at(v)] = position;
    if ((flags_of(node) & kFallible) != 0) first_safe = position;
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      ir::ValueId v = node.inputs[i];
      if (v != ir::kNone && state[at(v)] != ir::kNone && reads_elements(node, i))
        last_read[graph.value(state[at(v)]).name] = position;
    }
  }
  std::vector<std::vector<ir::Node>> writes(position + 1);
  std::vector<ir::Node> others;
  for (ir::Node& node : graph.nodes) {
    if (!writes_states(node)) {
      others.push_back(std::move(node));
      continue;
    }
    size_t place = first_safe, states = ir::find_operator(node.op)->states;
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      if (node.inputs[i] == ir::kNone) continue;
      size_t after =
          i < states ? last_read[graph.value(node.inputs[i]).name] : written[at(node.inputs[i])];
      place = std::max(place, after);
    }
    writes[place].push_back(std::move(node));
  }
  graph.nodes.clear();
  for (size_t i = 0; i <= others.size(); ++i) {
    if (i > 0) graph.nodes.push_back(std::move(others[i - 1]));
    for (ir::Node& node : writes[i]) graph.nodes.push_back(std::move(node));
  }
}

}  // namespace mote
