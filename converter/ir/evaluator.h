// Runs a graph, or single nodes, on the reference kernels; also in double. For folding constants,
// proofs and tests; not fast.
#pragma once

#include <functional>
#include <vector>

#include "diagnostics.h"
#include "ir/graph.h"

namespace mote {

enum class Precision {
  as_is,   // the types of the graph
  double_  // every float32 value is held and computed in float64
};

// Raw little-endian elements of a value; float64 for float32 values under Precision::double_.
struct Evaluated {
  Shape shape;
  ir::Bytes bytes;
};

// Runs `graph` for `inputs` (in the order of graph.inputs); returns the outputs, or nothing and
// diagnostics. States start at their initial values; `observe`, if given, sees every value written.
std::vector<Evaluated> evaluate(
    const ir::Graph& graph, const std::vector<Evaluated>& inputs, Diagnostics& diagnostics,
    Precision precision = Precision::as_is,
    const std::function<void(ir::ValueId, const Evaluated&)>& observe = {});

// Runs one node whose inputs are constants; used by constant folding. Empty on failure.
std::vector<Evaluated> evaluate_node(const ir::Graph& graph, const ir::Node& node,
                                     Diagnostics& diagnostics);

}  // namespace mote
