// Values that no input of an entry point changes: constants, states that it does not write, and
// what is computed from these. Weights, biases and folded batch normalization are among them.
#pragma once

#include <vector>

#include "diagnostics.h"
#include "ir/graph.h"
#include "quantize/observers/observer.h"

namespace mote {

class StaticValues {
 public:
  // Computes them with the reference kernels, states from their initial values.
  StaticValues(const ir::Graph& graph, Diagnostics& diagnostics);

  bool contains(ir::ValueId v) const {
    return v != ir::kNone && static_cast<size_t>(v) < is_static_.size() &&
           is_static_[static_cast<size_t>(v)];
  }
  // True when every result of the node is static.
  bool contains(const ir::Node& node) const;
  // Of a static float32 value.
  Span<const float> floats(ir::ValueId v) const;
  // Min and max of a static float32 value; false when one is not finite.
  bool is_finite(ir::ValueId v) const;
  ValueRange range(ir::ValueId v) const { return range_of(floats(v)); }

 private:
  bool is_static_node(const ir::Node& node) const;

  std::vector<bool> is_static_;
  std::vector<std::vector<float>> floats_;
};

}  // namespace mote
