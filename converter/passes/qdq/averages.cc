// avg_pool2d and resize_bilinear, whose int8 kernels keep the scale of what they read.
#include "ops/attributes.h"
#include "passes/qdq/operators.h"

namespace mote::qdq {
namespace {

bool has_pads(const Pool2dAttrs& a) {
  return (a.pad_top | a.pad_bottom | a.pad_left | a.pad_right) != 0;
}

bool is_mean(const Fusion& f, const ir::Node& node) {
  if (node.op != op_code::avg_pool2d) return false;
  auto a = node.attrs<Pool2dAttrs>();
  const ShapeBounds& x = f.source.value(node.inputs[0]).shape;
  return a.activation == kMoteActivationNone && !has_pads(a) && x.dims[1].is_static() &&
         x.dims[1].max == a.window_h && x.dims[2].is_static() && x.dims[2].max == a.window_w;
}

ir::Node as_mean(const ir::Node& node) {
  ir::Node mean = node;
  mean.op = op_code::reduce;
  ReduceAttrs a{};
  a.kind = kMoteReduceMean;
  a.axis_count = 2;
  a.axes[0] = 1;
  a.axes[1] = 2;
  a.keep_dims = 1;
  mean.set_attrs(a);
  return mean;
}

ir::Node as_convolution(const ir::Node& node) {
  auto a = node.attrs<Pool2dAttrs>();
  ir::Node conv = node;
  conv.op = op_code::depthwise_conv2d;
  conv.set_attrs(DepthwiseConv2dAttrs{a.stride_h, a.stride_w, 1, 1, a.pad_top, a.pad_left,
                                      a.pad_bottom, a.pad_right, 1, a.activation});
  return conv;
}

// [1, h, w, c], each with the stored value 1.
ir::ValueId equal_weights(const Fusion& f, const std::string& name, const Pool2dAttrs& a,
                          int32_t channels) {
  const int64_t taps = int64_t{a.window_h} * a.window_w;
  const ir::Quantization q{{1.0f / static_cast<float>(taps)}, {0}, -1};
  return f.graph.add_constant(name + "/weights", Type::int8,
                              ir::shape_of({1, a.window_h, a.window_w, channels}),
                              std::vector<int8_t>(static_cast<size_t>(taps * channels), 1), q);
}

// avg_pool2d keeps the scale; where the model changes it, the sum is rounded once all the same.
bool rescaled_pool(const Fusion& f, const ir::Node& node, const ir::Quantization& target) {
  auto a = node.attrs<Pool2dAttrs>();
  const ShapeBounds& shape = f.source.value(node.inputs[0]).shape;
  ir::ValueId x = f.rewriter.int8(node.inputs[0]);
  // Of the size of a large layer's weights at most.
  const bool small = int64_t{a.window_h} * a.window_w * shape.dims[3].max <= 1 << 20;
  if (!small || !shape.dims[3].is_static() || (has_pads(a) && a.count_include_pad == 0))
    return false;
  ir::ValueId w = equal_weights(f, f.source.value(node.outputs[0]).name, a, shape.dims[3].max);
  return add_int8(f, as_convolution(node), target, {x, w});
}

}  // namespace

bool average(const Fusion& f, const ir::Node& node) {
  if (node.op != op_code::avg_pool2d && node.op != op_code::resize_bilinear) return false;
  const auto& target = f.targets.of(node.outputs[0]);
  if (!target || !f.rewriter.has_int8(node.inputs[0])) return false;
  // Ties go to even, as quantize has them.
  if (is_mean(f, node))
    return add_int8(f, as_mean(node), *target, {f.rewriter.int8(node.inputs[0])});
  if (f.rewriter.quantization(node.inputs[0]) == *target)
    return add_int8(f, node, *target, {f.rewriter.int8(node.inputs[0])});
  return node.op == op_code::avg_pool2d && rescaled_pool(f, node, *target);
}

}  // namespace mote::qdq
