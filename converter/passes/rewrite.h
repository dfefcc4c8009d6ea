// What several passes do to a graph.
#pragma once

#include "ir/graph.h"

namespace mote {

// Names one value instead of another, over a whole graph in one sweep: replacements are collected
// while a pass walks the nodes in order, and looked up as it goes.
class Replacements {
 public:
  explicit Replacements(const ir::Graph& graph);

  // `value`, or what stands for it by now.
  ir::ValueId resolve(ir::ValueId value) const;
  void resolve_inputs(ir::Node& node) const;
  // False where `from` must stay: it is a port, and `to` cannot take its place.
  bool replace(ir::ValueId from, ir::ValueId to);

 private:
  std::vector<ir::ValueId> target_;
  std::vector<bool> is_port_;
};

// Drops the nodes for which `dropped` is true.
void drop_nodes(ir::Graph& graph, const std::vector<bool>& dropped);

bool same_shape(const ShapeBounds& a, const ShapeBounds& b);

}  // namespace mote
