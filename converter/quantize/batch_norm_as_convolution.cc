#include "quantize/batch_norm_as_convolution.h"

#include "ops/attributes.h"
#include "train/attributes.h"

namespace mote {
namespace {

ir::ValueId add_value(ir::Graph& graph, const std::string& name, const ShapeBounds& shape) {
  ir::Value v;
  v.name = name;
  v.shape = shape;
  return graph.add_value(std::move(v));
}

// Nodes that compute the same as `norm`, in their order.
std::vector<ir::Node> convolution_of(ir::Graph& graph, const ir::Node& norm) {
  const std::string name = graph.value(norm.outputs[0]).name;
  const ShapeBounds channels = graph.value(norm.inputs[1]).shape;
  const int32_t count = channels.dims[0].max;
  ir::ValueId multiplier = add_value(graph, name + "/multiplier", channels);
  ir::ValueId offset = add_value(graph, name + "/offset", channels);
  ir::ValueId weights = add_value(graph, name + "/weights", ir::shape_of({1, 1, 1, count}));

  ir::Node fold{op_code::batch_norm_fold, norm.attributes, {}, {multiplier, offset}, norm.location};
  fold.inputs.assign(norm.inputs.begin() + 1, norm.inputs.end());
  ir::Node shaped{op_code::reshape, {}, {multiplier}, {weights}, norm.location};
  ReshapeAttrs shape{4, {1, 1, 1, count}};
  shaped.set_attrs(shape);
  ir::Node convolution{op_code::depthwise_conv2d,
                       {},
                       {norm.inputs[0], weights, offset},
                       norm.outputs,
                       norm.location};
  convolution.set_attrs(DepthwiseConv2dAttrs{1, 1, 1, 1, 0, 0, 0, 0, 1, kMoteActivationNone});
  return {std::move(fold), std::move(shaped), std::move(convolution)};
}

}  // namespace

void batch_norm_as_convolution(ir::Graph& graph) {
  std::vector<ir::Node> nodes;
  for (const ir::Node& node : graph.nodes) {
    bool is_norm = node.op == op_code::batch_norm && graph.value(node.inputs[0]).shape.rank == 4;
    if (!is_norm) {
      nodes.push_back(node);
      continue;
    }
    for (ir::Node& n : convolution_of(graph, node)) nodes.push_back(std::move(n));
  }
  graph.nodes = std::move(nodes);
}

}  // namespace mote
