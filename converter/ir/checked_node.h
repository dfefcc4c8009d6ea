// A node's operands for the operators' functions, with the checks that stand before them: the
// evaluator takes any graph, also one that no validator has seen.
#pragma once

#include <string>
#include <vector>

#include "diagnostics.h"
#include "ir/graph.h"
#include "ops/operator.h"

namespace mote {

// Unlike ir::NodeView it can be changed (types in double, current shapes). Quantization and data
// stay the graph's.
class CheckedNode {
 public:
  CheckedNode() = default;
  CheckedNode(const CheckedNode&) = delete;
  CheckedNode& operator=(const CheckedNode&) = delete;

  // Fills in the view of `node` with the values' bounds; false and diagnostics when the node, its
  // attributes or operands cannot be what the operator's `check` may assume (counts, indices,
  // quantization arrays, data). Does not call `check`.
  bool init(const ir::Graph& graph, const ir::Node& node, Diagnostics& diagnostics);

  TensorInfo& input(size_t i) { return infos_[i]; }
  TensorInfo& output(size_t i) { return infos_[inputs_.size() + i]; }
  // The bounds of the inputs as an argument of Operator::shape; absent ones have rank 0.
  std::vector<ShapeBounds> input_bounds() const;
  // Runs Operator::shape and sets the outputs' bounds.
  Status infer_shapes();

  OpView view;

 private:
  bool init_value(const ir::Graph& graph, ir::ValueId id, const std::string& where,
                  Diagnostics& diagnostics, TensorInfo* info);

  std::vector<uint64_t> attributes_;  // aligned copy
  std::vector<TensorInfo> infos_;     // inputs, then outputs
  std::vector<const TensorInfo*> inputs_;
  std::vector<const TensorInfo*> outputs_;
};

}  // namespace mote
