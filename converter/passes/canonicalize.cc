#include <algorithm>

#include "ops/attributes.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace mote {
namespace {

bool same_elements(const ir::Value& x, const ir::Value& y) {
  return x.type == y.type && x.quantization.scales == y.quantization.scales &&
         x.quantization.zero_points == y.quantization.zero_points;
}

// Bounds that are equal say nothing about the sizes at run unless they are static; the operators
// asked here keep every dimension at its place.
bool is_identity(const ir::Graph& graph, const ir::Node& node) {
  if (node.inputs.empty() || node.outputs.size() != 1 || node.inputs[0] == ir::kNone) return false;
  const ir::Value &x = graph.value(node.inputs[0]), &y = graph.value(node.outputs[0]);
  if (x.kind == TensorKind::state || !same_elements(x, y)) return false;
  switch (node.op) {
    case op_code::requantize:
      return true;
    case op_code::cast:
      return x.type != Type::boolean;
    case op_code::concat:
      return node.inputs.size() == 1;
    case op_code::reshape:
      return same_shape(x.shape, y.shape) && x.shape.is_static();
    case op_code::pad: {
      auto a = node.attrs<PadAttrs>();
      auto zero = [](int32_t n) { return n == 0; };
      return std::all_of(a.before, a.before + a.count, zero) &&
             std::all_of(a.after, a.after + a.count, zero);
    }
    default:
      return false;
  }
}

// A reshape reads through the reshape before it, unless it copies sizes of its input.
void read_through_reshape(ir::Graph& graph, const std::vector<int32_t>& producer, ir::Node& node) {
  if (node.op != op_code::reshape) return;
  auto a = node.attrs<ReshapeAttrs>();
  if (std::find(a.shape, a.shape + a.count, 0) != a.shape + a.count) return;
  int32_t p = producer[static_cast<size_t>(node.inputs[0])];
  if (p < 0) return;
  const ir::Node& before = graph.nodes[static_cast<size_t>(p)];
  if (before.op == op_code::reshape) node.inputs[0] = before.inputs[0];
}

}  // namespace

void canonicalize(ir::Graph& graph, Diagnostics&) {
  Replacements replacements(graph);
  std::vector<int32_t> producer = ir::producers(graph);
  std::vector<bool> dropped(graph.nodes.size(), false);
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    ir::Node& node = graph.nodes[n];
    replacements.resolve_inputs(node);
    read_through_reshape(graph, producer, node);
    if (is_identity(graph, node))
      dropped[n] = replacements.replace(node.outputs[0], node.inputs[0]);
  }
  drop_nodes(graph, dropped);
}

}  // namespace mote
