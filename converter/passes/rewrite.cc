#include "passes/rewrite.h"

namespace mote {

Replacements::Replacements(const ir::Graph& graph)
    : target_(graph.values.size()), is_port_(graph.values.size(), false) {
  for (size_t i = 0; i < target_.size(); ++i) target_[i] = static_cast<ir::ValueId>(i);
  for (const ir::Port& p : graph.outputs) is_port_[static_cast<size_t>(p.value)] = true;
}

ir::ValueId Replacements::resolve(ir::ValueId value) const {
  // Values that a pass adds are not replaced. Targets are resolved when they are set.
  if (value == ir::kNone || static_cast<size_t>(value) >= target_.size()) return value;
  return target_[static_cast<size_t>(value)];
}

void Replacements::resolve_inputs(ir::Node& node) const {
  for (ir::ValueId& v : node.inputs) v = resolve(v);
}

bool Replacements::replace(ir::ValueId from, ir::ValueId to) {
  if (is_port_[static_cast<size_t>(from)]) return false;
  target_[static_cast<size_t>(from)] = resolve(to);
  return true;
}

void drop_nodes(ir::Graph& graph, const std::vector<bool>& dropped) {
  size_t kept = 0;
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    if (dropped[n]) continue;
    if (kept != n) graph.nodes[kept] = std::move(graph.nodes[n]);
    ++kept;
  }
  graph.nodes.resize(kept);
}

bool same_shape(const ShapeBounds& a, const ShapeBounds& b) {
  if (a.rank != b.rank) return false;
  for (int i = 0; i < a.rank; ++i)
    if (a.dims[i].min != b.dims[i].min || a.dims[i].max != b.dims[i].max) return false;
  return true;
}

}  // namespace mote
