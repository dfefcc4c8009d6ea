// Which operators of a float graph become int8, and with which scales.
#pragma once

#include <string>
#include <vector>

#include "quantize/rewrites/rewrite.h"
#include "quantize/scale_groups.h"

namespace mote {

struct Decision {
  const QuantizeRow* row = nullptr;  // null: the operator stays as it is
  std::string reason;                // why; empty where it computes no real values
};

struct Decisions {
  std::vector<Decision> nodes;  // parallel to graph.nodes
  ScaleGroups groups;
};

Decisions decide(const ir::Graph& graph, const StaticValues& statics,
                 const std::vector<ValueRange>& observed, bool trainable);

}  // namespace mote
