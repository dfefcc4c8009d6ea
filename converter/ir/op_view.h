// A node seen as the core's operators see it, so that the converter asks the runtime's own
// functions for types and shapes.
#pragma once

#include <string>
#include <vector>

#include "ir/graph.h"
#include "ops/operator.h"

namespace mote::ir {

// The operator's row of this build; null when it has none.
const Operator* find_operator(uint16_t code);

// A value as the core's operators see it; borrows from it.
TensorInfo info_of(const Value& value);

// Borrows from the graph and the node: valid while neither changes.
class NodeView {
 public:
  NodeView(const Graph& graph, const Node& node);
  NodeView(const NodeView&) = delete;
  NodeView& operator=(const NodeView&) = delete;

  const OpView& view() const { return view_; }
  // Operand counts, attribute bytes and everything that Operator::check looks at.
  Status check() const;
  // Calls Operator::shape; only after check().
  Status shapes(std::vector<ShapeBounds>* outputs) const;

 private:
  const Node& node_;
  std::vector<TensorInfo> infos_;
  std::vector<const TensorInfo*> inputs_, outputs_;
  std::vector<uint64_t> attributes_;  // aligned for any attribute struct
  OpView view_;
};

// Checks the node and sets the shapes of its outputs, and all shapes of the graphs that it calls.
Status infer_node(Graph& graph, Node& node);

// The text of an error, without a place.
std::string describe_status(const Status& status);
// "[1..8, 96, 96, 3]".
std::string shape_text(const ShapeBounds& shape);

}  // namespace mote::ir
