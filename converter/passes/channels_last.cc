#include "passes/layout/flatten.h"
#include "passes/layout/solver.h"
#include "passes/passes.h"

namespace mote {
namespace {

bool has_transposes(const ir::Graph& graph) {
  for (const ir::Node& n : graph.nodes)
    if (n.op == op_code::transpose) return true;
  return false;
}

}  // namespace

void channels_last(ir::Graph& graph, Diagnostics&) {
  // A walk finds what one walk can see; the next one starts from there.
  constexpr int kWalks = 3;
  for (int i = 0; i < kWalks && has_transposes(graph); ++i) {
    int64_t before = layout::transposed_bytes(graph);
    ir::Graph moved = graph;
    layout::Solver(moved).run();
    layout::flatten_into_weights(moved);
    int64_t after = layout::transposed_bytes(moved);
    if (after > before) return;
    graph = std::move(moved);
    if (after == before) return;
  }
}

}  // namespace mote
