#include "ops/attributes.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace mote {
namespace {

bool is_identity(const TransposeAttrs& a) {
  for (int32_t i = 0; i < a.count; ++i)
    if (a.permutation[i] != i) return false;
  return true;
}

// A transpose of a transpose is one transpose of the first one's input.
void compose(const ir::Graph& graph, const std::vector<int32_t>& producer, ir::Node& node) {
  int32_t p = producer[static_cast<size_t>(node.inputs[0])];
  if (p < 0 || graph.nodes[static_cast<size_t>(p)].op != op_code::transpose) return;
  const ir::Node& before = graph.nodes[static_cast<size_t>(p)];
  auto first = before.attrs<TransposeAttrs>(), second = node.attrs<TransposeAttrs>();
  TransposeAttrs both{};
  both.count = second.count;
  for (int32_t i = 0; i < both.count; ++i)
    both.permutation[i] = first.permutation[second.permutation[i]];
  node.set_attrs(both);
  node.inputs[0] = before.inputs[0];
}

// Dimensions of size 1 move freely: the elements keep their order when the others do.
bool keeps_order(const ShapeBounds& x, const TransposeAttrs& a) {
  int32_t last = -1;
  for (int32_t i = 0; i < a.count; ++i) {
    int32_t from = a.permutation[i];
    if (x.dims[from].max == 1) continue;
    if (from < last) return false;
    last = from;
  }
  return true;
}

// False when two dynamic dimensions move.
bool become_reshape(const ShapeBounds& x, ir::Node& node) {
  auto a = node.attrs<TransposeAttrs>();
  ReshapeAttrs r{};
  r.count = a.count;
  int inferred = 0;
  for (int32_t i = 0; i < a.count; ++i) {
    Dim d = x.dims[a.permutation[i]];
    r.shape[i] = d.is_static() ? d.max : a.permutation[i] == i ? 0 : -1;
    inferred += r.shape[i] == -1;
  }
  if (inferred > 1) return false;
  node.op = op_code::reshape;
  node.set_attrs(r);
  return true;
}

}  // namespace

void channels_last(ir::Graph& graph, Diagnostics&) {
  Replacements replacements(graph);
  std::vector<int32_t> producer = ir::producers(graph);
  std::vector<bool> dropped(graph.nodes.size(), false);
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    ir::Node& node = graph.nodes[n];
    replacements.resolve_inputs(node);
    if (node.op != op_code::transpose) continue;
    compose(graph, producer, node);
    const ir::Value& x = graph.value(node.inputs[0]);
    if (is_identity(node.attrs<TransposeAttrs>()))
      dropped[n] = replacements.replace(node.outputs[0], node.inputs[0]);
    if (!dropped[n] && keeps_order(x.shape, node.attrs<TransposeAttrs>()))
      become_reshape(x.shape, node);
  }
  drop_nodes(graph, dropped);
}

}  // namespace mote
