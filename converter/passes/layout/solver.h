// Moves transposes through a graph to where they cancel or move the fewest bytes.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "passes/layout/movable.h"

namespace mote::layout {

// One walk over the nodes in order. Every value is held as another one and the permutation that
// leads from there to it; a transpose only changes the permutation, operators that can have their
// operands in another layout take them as they are held, and a transpose node is made where an
// operator cannot. What later operators would like is known from a walk in reverse.
class Solver {
 public:
  explicit Solver(ir::Graph& graph);
  void run();

 private:
  struct Held {
    ir::ValueId base = ir::kNone;
    Permutation permutation;
  };
  struct Wish {
    std::vector<Permutation> layouts;  // of the value: it is something transposed by one of these
    bool plain = false;                // an operator takes it as it is, whatever this pass does
  };

  // ---- What later operators want ----
  void collect_wishes();
  void wish(ir::ValueId v, const Permutation& layout);
  void wish_plain(ir::ValueId v);
  void pass_wishes(const ir::Node& node, ir::ValueId to);

  // ---- Values ----
  const ShapeBounds& shape(ir::ValueId v) const { return graph_.value(v).shape; }
  bool is_constant(ir::ValueId v) const { return graph_.value(v).kind == TensorKind::constant; }
  Held held(ir::ValueId v) const;
  int64_t bytes(ir::ValueId v) const;
  // The value that gives v when it is transposed by q; made where there is none.
  ir::ValueId in_layout(ir::ValueId v, const Permutation& q, const std::string& location);
  bool may_copy(ir::ValueId v);
  ir::ValueId transposed_constant(ir::ValueId v, const Permutation& q);
  // Bytes that in_layout() would move.
  int64_t cost(ir::ValueId v, const Permutation& q) const;
  // Bytes that the readers of v would move if it were held with q.
  int64_t later_cost(ir::ValueId v, const Permutation& q) const;
  // v with leading dimensions of size 1; only where can_widen().
  ir::ValueId widened(ir::ValueId v, int32_t rank, const std::string& location);
  bool can_widen(ir::ValueId v) const;
  // A value for v in the layout of `q`; v itself when that is the identity.
  ir::ValueId new_value(ir::ValueId v, const Permutation& q);

  // ---- Nodes ----
  void visit(ir::Node node);
  void visit_transpose(const ir::Node& node);
  bool visit_reshape(ir::Node& node);
  bool visit_movable(ir::Node& node, Moves kind);
  std::vector<Permutation> candidates(const ir::Node& node, Moves kind) const;
  int64_t operand_cost(const ir::Node& node, Moves kind, const Permutation& q) const;
  bool move(ir::Node& node, Moves kind, const Permutation& q);
  void keep(ir::Node node);
  void finish_outputs();

  ir::Graph& graph_;
  std::vector<Held> held_;
  std::vector<Wish> wishes_;
  std::vector<bool> is_input_;
  std::map<std::pair<ir::ValueId, Permutation>, ir::ValueId> made_;
  std::map<std::pair<ir::ValueId, int32_t>, ir::ValueId> widened_;
  int64_t constant_bytes_left_ = 0;
  std::vector<ir::Node> nodes_;
};

// Bytes that the transposes of a graph move.
int64_t transposed_bytes(const ir::Graph& graph);
// The values that they read and those bytes: "'data' (602112 bytes)"; empty when there are none.
std::string transposes_text(const ir::Graph& graph);

}  // namespace mote::layout
