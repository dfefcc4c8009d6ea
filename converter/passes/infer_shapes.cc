#include "ir/op_view.h"
#include "passes/passes.h"

namespace mote {

void infer_shapes(ir::Graph& graph, Diagnostics& diagnostics) {
  for (ir::Node& node : graph.nodes) {
    Status s = ir::infer_node(graph, node);
    if (!s.ok()) diagnostics.add(node.location, ir::describe_status(s));
  }
}

}  // namespace mote
