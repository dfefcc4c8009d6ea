#include <optional>

#include "ops/attributes.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace mote {
namespace {

std::optional<int32_t> fused_kind(const ir::Node& node) {
  if (node.op != op_code::activation) return std::nullopt;
  switch (node.attrs<ActivationAttrs>().kind) {
    case kMoteRelu:
      return kMoteActivationRelu;
    case kMoteRelu6:
      return kMoteActivationRelu6;
    case kMoteReluN1To1:
      return kMoteActivationReluN1To1;
    default:
      return std::nullopt;
  }
}

template <class Attrs>
bool set_activation(ir::Node& node, int32_t activation) {
  auto a = node.attrs<Attrs>();
  if (a.activation != kMoteActivationNone) return false;
  a.activation = activation;
  node.set_attrs(a);
  return true;
}

bool fuse(ir::Node& node, int32_t activation) {
  switch (node.op) {
    case op_code::conv2d:
      return set_activation<Conv2dAttrs>(node, activation);
    case op_code::depthwise_conv2d:
      return set_activation<DepthwiseConv2dAttrs>(node, activation);
    case op_code::fully_connected:
      return set_activation<FullyConnectedAttrs>(node, activation);
    case op_code::add:
    case op_code::sub:
    case op_code::mul:
    case op_code::div:
      return set_activation<BinaryAttrs>(node, activation);
    case op_code::max_pool2d:
    case op_code::avg_pool2d:
      return set_activation<Pool2dAttrs>(node, activation);
    default:
      return false;
  }
}

// Quantized: only the clamp of (2.4) in NUMERICS.md, not a change of scale.
bool keeps_bits(const ir::Value& x, const ir::Value& y) {
  return x.type == y.type && x.quantization.scales == y.quantization.scales &&
         x.quantization.zero_points == y.quantization.zero_points;
}

}  // namespace

void fuse_activations(ir::Graph& graph, Diagnostics&) {
  std::vector<int32_t> producer = ir::producers(graph), uses = ir::use_counts(graph);
  std::vector<bool> dropped(graph.nodes.size(), false);
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    const ir::Node& node = graph.nodes[n];
    std::optional<int32_t> activation = fused_kind(node);
    if (!activation) continue;
    ir::ValueId x = node.inputs[0], y = node.outputs[0];
    int32_t p = producer[static_cast<size_t>(x)];
    if (p < 0 || uses[static_cast<size_t>(x)] != 1) continue;
    if (!keeps_bits(graph.value(x), graph.value(y))) continue;
    ir::Node& before = graph.nodes[static_cast<size_t>(p)];
    if (!fuse(before, *activation)) continue;
    before.outputs[0] = y;
    producer[static_cast<size_t>(y)] = p;
    dropped[n] = true;
  }
  drop_nodes(graph, dropped);
}

}  // namespace mote
