#include "ir/graph.h"

namespace mote::ir {

std::vector<int32_t> producers(const Graph& graph) {
  std::vector<int32_t> producer(graph.values.size(), -1);
  for (size_t n = 0; n < graph.nodes.size(); ++n)
    for (ValueId v : graph.nodes[n].outputs)
      if (v != kNone) producer[static_cast<size_t>(v)] = static_cast<int32_t>(n);
  return producer;
}

std::vector<int32_t> use_counts(const Graph& graph) {
  std::vector<int32_t> count(graph.values.size(), 0);
  for (const Node& node : graph.nodes)
    for (ValueId v : node.inputs)
      if (v != kNone) ++count[static_cast<size_t>(v)];
  for (const Port& port : graph.outputs) ++count[static_cast<size_t>(port.value)];
  return count;
}

void remove_unused_values(Graph& graph) {
  std::vector<ValueId> renumbered(graph.values.size(), kNone);
  auto visit = [&](auto&& action) {
    for (Port& port : graph.inputs) action(port.value);
    for (Port& port : graph.outputs) action(port.value);
    for (Node& node : graph.nodes) {
      for (ValueId& v : node.inputs)
        if (v != kNone) action(v);
      for (ValueId& v : node.outputs)
        if (v != kNone) action(v);
    }
  };
  visit([&](ValueId v) { renumbered[static_cast<size_t>(v)] = 0; });
  std::vector<Value> kept;
  for (size_t i = 0; i < graph.values.size(); ++i) {
    if (renumbered[i] == kNone) continue;
    renumbered[i] = static_cast<ValueId>(kept.size());
    kept.push_back(std::move(graph.values[i]));
  }
  graph.values = std::move(kept);
  visit([&](ValueId& v) { v = renumbered[static_cast<size_t>(v)]; });
}

}  // namespace mote::ir
