// Operators that give the same elements in another layout when their operands come in it.
#pragma once

#include <optional>

#include "passes/layout/permutation.h"

namespace mote::layout {

enum class Moves {
  no,
  data,         // operand 0; others (tables, weights, indices) stay
  elementwise,  // all operands, aligned at the last dimension
  all,          // all operands, of equal rank
};

// Operators with one output only.
Moves moves(const ir::Graph& graph, const ir::Node& node);

// Rewrites the attributes for operands w in place of the v that are w transposed by `q`; returns
// the permutation that makes the old output of the new one. Nothing, and a node half changed, where
// the operator cannot have it: it works along the last dimension, which `q` moves.
std::optional<Permutation> move_attributes(const ir::Graph& graph, ir::Node& node,
                                           const Permutation& q);

}  // namespace mote::layout
