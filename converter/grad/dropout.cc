#include "grad/dropout.h"

#include <algorithm>

#include "passes/rewrite.h"
#include "train/attributes.h"

namespace mote {
namespace {

bool is_mask(const ir::Node& node) { return node.op == op_code::dropout_mask; }

void rename_value(ir::Graph& graph, ir::ValueId from, ir::ValueId to) {
  for (ir::Node& node : graph.nodes)
    for (ir::ValueId& v : node.inputs)
      if (v == from) v = to;
  for (ir::Port& port : graph.outputs)
    if (port.value == from) port.value = to;
}

}  // namespace

bool has_dropout(const ir::Graph& graph) {
  return std::any_of(graph.nodes.begin(), graph.nodes.end(), is_mask);
}

void remove_dropout(ir::Graph& graph, Diagnostics& diagnostics) {
  std::vector<bool> dropped(graph.nodes.size(), false);
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    if (!is_mask(graph.nodes[n])) continue;
    dropped[n] = true;
    ir::ValueId x = graph.nodes[n].inputs[0], mask = graph.nodes[n].outputs[0];
    for (size_t m = 0; m < graph.nodes.size(); ++m) {
      const ir::Node& reader = graph.nodes[m];
      if (m == n ||
          std::find(reader.inputs.begin(), reader.inputs.end(), mask) == reader.inputs.end())
        continue;
      bool is_pair = reader.op == op_code::mul &&
                     (reader.inputs[0] == x || reader.inputs[1] == x) &&
                     reader.attrs<BinaryAttrs>().activation == kMoteActivationNone;
      if (!is_pair) {
        diagnostics.add(reader.location, "a dropout mask may only be multiplied with its operand");
        continue;
      }
      dropped[m] = true;
      rename_value(graph, reader.outputs[0], x);
    }
  }
  drop_nodes(graph, dropped);
}

void seed_dropout(ir::Graph& graph, ir::ValueId seed, ir::ValueId step) {
  uint32_t stream = 0;
  for (ir::Node& node : graph.nodes) {
    if (!is_mask(node)) continue;
    auto a = node.attrs<DropoutMaskAttrs>();
    a.stream = stream++;
    node.set_attrs(a);
    node.inputs = {node.inputs[0], seed, step};
  }
}

}  // namespace mote
