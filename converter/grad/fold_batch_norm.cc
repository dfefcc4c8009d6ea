#include "grad/fold_batch_norm.h"

#include "grad/order.h"
#include "grad/parameters.h"
#include "ir/builder.h"
#include "passes/rewrite.h"

namespace mote {
namespace {

using ir::ValueId;

// The multiplier's shape, so that it meets the output channels of the weights; empty: cannot.
std::vector<int32_t> multiplier_shape(const ir::Node& layer, int32_t channels) {
  switch (layer.op) {
    case op_code::conv2d:
      if (layer.attrs<Conv2dAttrs>().activation != kMoteActivationNone) return {};
      return {channels, 1, 1, 1};
    case op_code::depthwise_conv2d:
      if (layer.attrs<DepthwiseConv2dAttrs>().activation != kMoteActivationNone) return {};
      return {channels};
    case op_code::fully_connected:
      if (layer.attrs<FullyConnectedAttrs>().activation != kMoteActivationNone) return {};
      return {channels, 1};
    case op_code::transpose_conv2d: {
      auto a = layer.attrs<Conv2dAttrs>();
      // The channels of a group lie one after the other in the output, not in the weights.
      if (a.activation != kMoteActivationNone || a.groups != 1) return {};
      return {channels};
    }
    default:
      return {};
  }
}

std::string name_of(const ir::Graph& graph, ValueId v) {
  StateRead read = find_read(graph, v);
  return graph.value(read.state == ir::kNone ? v : read.state).name;
}

void rename(Builder& g, ValueId v, const std::string& name) {
  g.graph().value(v).name = g.unique_name(name);
}

// weights * multiplier and offset + bias * multiplier instead of the layer's own.
void fold(Builder& g, size_t n, const ir::Node& norm, const std::vector<int32_t>& shape) {
  const ir::Node layer = g.graph().nodes[n];
  ValueId weights = layer.inputs[1];
  ValueId bias = layer.inputs.size() > 2 ? layer.inputs[2] : ir::kNone;
  const std::string name = name_of(g.graph(), weights);
  g.set_scope(name);
  std::vector<ValueId> folded =
      g.nodes(op_code::batch_norm_fold, norm.attrs<BatchNormAttrs>(),
              {norm.inputs[1], norm.inputs[2], norm.inputs[3], norm.inputs[4]},
              {Type::float32, Type::float32});  // multiplier, offset
  ValueId new_weights = g.mul(weights, g.reshape(folded[0], shape));
  ValueId new_bias = bias == ir::kNone ? folded[1] : g.add(folded[1], g.mul(bias, folded[0]));
  rename(g, new_weights, name + "/folded");
  rename(g, new_bias, name + "/folded_bias");
  ir::Node& changed = g.graph().nodes[n];
  changed.inputs.resize(std::max<size_t>(changed.inputs.size(), 3), ir::kNone);
  changed.inputs[1] = new_weights;
  changed.inputs[2] = new_bias;
  changed.outputs[0] = norm.outputs[0];
}

bool has_constant_parameters(const ir::Graph& graph, const ir::Node& node) {
  for (size_t i = 1; i < node.inputs.size(); ++i)
    if (node.inputs[i] != ir::kNone && graph.value(node.inputs[i]).kind != TensorKind::constant)
      return false;
  return true;
}

void fold_all(ir::Graph& graph, bool constants_only, Diagnostics& diagnostics) {
  std::vector<int32_t> producer = ir::producers(graph), uses = ir::use_counts(graph);
  const size_t count = graph.nodes.size();
  std::vector<bool> dropped(count, false);
  Builder g(graph, diagnostics);
  for (size_t n = 0; n < count; ++n) {
    if (graph.nodes[n].op != op_code::batch_norm) continue;
    const ir::Node norm = graph.nodes[n];
    auto x = static_cast<size_t>(norm.inputs[0]);
    if (producer[x] < 0 || uses[x] != 1) continue;
    auto p = static_cast<size_t>(producer[x]);
    const bool is_constant =
        has_constant_parameters(graph, norm) && has_constant_parameters(graph, graph.nodes[p]);
    std::vector<int32_t> shape =
        multiplier_shape(graph.nodes[p], graph.value(norm.inputs[1]).shape.dims[0].max);
    if (shape.empty() || (constants_only && !is_constant)) continue;
    fold(g, p, norm, shape);
    dropped[n] = true;
  }
  dropped.resize(graph.nodes.size(), false);
  drop_nodes(graph, dropped);
  sort_topologically(graph);
}

}  // namespace

void fold_batch_norm(ir::Graph& graph, Diagnostics& diagnostics) {
  fold_all(graph, false, diagnostics);
}

void fold_constant_batch_norm(ir::Graph& graph, Diagnostics& diagnostics) {
  fold_all(graph, true, diagnostics);
}

}  // namespace mote
