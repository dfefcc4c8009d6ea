#include "ir/op_view.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace mote {

void remove_dead(ir::Graph& graph, Diagnostics&) {
  std::vector<bool> needed(graph.values.size(), false), dropped(graph.nodes.size(), false);
  for (const ir::Port& p : graph.outputs) needed[static_cast<size_t>(p.value)] = true;
  for (size_t n = graph.nodes.size(); n-- > 0;) {
    const ir::Node& node = graph.nodes[n];
    const Operator* op = ir::find_operator(node.op);
    bool live = op != nullptr && (op->flags & kWritesState) != 0;
    for (ir::ValueId v : node.outputs) live = live || needed[static_cast<size_t>(v)];
    dropped[n] = !live;
    for (ir::ValueId v : node.inputs)
      if (live && v != ir::kNone) needed[static_cast<size_t>(v)] = true;
  }
  drop_nodes(graph, dropped);
  ir::remove_unused_values(graph);
}

}  // namespace mote
