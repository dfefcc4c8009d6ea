// A small network with dynamic batch, height and width, in float32 and int8: every operator whose
// cost or result depends on them. Shared by the test and the benchmark.
#pragma once

#include <random>

#include "ir/graph.h"
#include "ops/attributes.h"

namespace mote::test {

class DynamicNet {
 public:
  DynamicNet(Type type, Dim height, Dim width, Dim batch = {}, int32_t channels = 16)
      : type_(type), channels_(channels) {
    graph_.name = "infer";
    ShapeBounds shape;
    shape.rank = 4;
    shape.dims[0] = batch;
    shape.dims[1] = height;
    shape.dims[2] = width;
    shape.dims[3] = {3, 3};
    ir::ValueId x = value("x", shape);
    graph_.inputs.push_back({"x", x});
    ir::ValueId a = conv(x, channels_, kMoteActivationRelu);
    ir::ValueId b = conv(depthwise(a), channels_, kMoteActivationNone);
    ir::ValueId sum = node(op_code::add, BinaryAttrs{}, {a, b}, graph_.value(a).shape);
    ir::ValueId pooled = max_pool(sum);
    ir::ValueId mean = spatial_mean(conv(pooled, channels_ * 2, kMoteActivationRelu));
    graph_.outputs.push_back({"pooled", pooled});
    graph_.outputs.push_back({"mean", mean});
  }

  ir::Module module() const {
    ir::Module m;
    m.graphs.push_back(graph_);
    return m;
  }

 private:
  bool quantized() const { return type_ == Type::int8; }

  ir::ValueId value(const std::string& name, const ShapeBounds& shape) {
    ir::Value v;
    v.name = name;
    v.type = type_;
    v.shape = shape;
    if (quantized()) v.quantization = {{0.05f}, {-3}, -1};
    return graph_.add_value(v);
  }

  template <class A>
  ir::ValueId node(uint16_t op, const A& attrs, std::vector<ir::ValueId> inputs,
                   const ShapeBounds& shape) {
    ir::Node n;
    n.op = op;
    n.set_attrs(attrs);
    n.inputs = std::move(inputs);
    n.outputs = {value("v" + std::to_string(graph_.values.size()), shape)};
    graph_.nodes.push_back(n);
    return n.outputs[0];
  }

  ir::ValueId weights(const std::vector<int32_t>& shape, int32_t axis) {
    size_t count = 1;
    for (int32_t d : shape) count *= static_cast<size_t>(d);
    std::string name = "w" + std::to_string(graph_.values.size());
    if (!quantized()) {
      std::vector<float> w(count);
      for (float& x : w) x = static_cast<float>(random_() % 2001) * 1e-4f - 0.1f;
      return graph_.add_constant(name, type_, ir::shape_of(shape), w);
    }
    std::vector<int8_t> w(count);
    for (int8_t& x : w) x = static_cast<int8_t>(random_() % 255 - 127);
    ir::Quantization q;
    q.axis = axis;
    for (int32_t i = 0; i < shape[static_cast<size_t>(axis)]; ++i) {
      q.scales.push_back(0.001f + 0.0001f * static_cast<float>(i));
      q.zero_points.push_back(0);
    }
    return graph_.add_constant(name, type_, ir::shape_of(shape), w, q);
  }

  ShapeBounds with_channels(ir::ValueId x, int32_t channels) {
    ShapeBounds s = graph_.value(x).shape;
    s.dims[3] = {channels, channels};
    return s;
  }

  ir::ValueId conv(ir::ValueId x, int32_t out, int32_t activation) {
    Conv2dAttrs a{1, 1, 1, 1, 1, 1, 1, 1, 1, activation};
    int32_t in = graph_.value(x).shape.dims[3].max;
    return node(op_code::conv2d, a, {x, weights({out, 3, 3, in}, 0)}, with_channels(x, out));
  }
  ir::ValueId depthwise(ir::ValueId x) {
    DepthwiseConv2dAttrs a{1, 1, 1, 1, 1, 1, 1, 1, 1, kMoteActivationNone};
    int32_t in = graph_.value(x).shape.dims[3].max;
    return node(op_code::depthwise_conv2d, a, {x, weights({1, 3, 3, in}, 3)}, with_channels(x, in));
  }
  ir::ValueId max_pool(ir::ValueId x) {
    Pool2dAttrs a{2, 2, 2, 2, 0, 0, 0, 0, 0, kMoteActivationNone, 0};
    ShapeBounds s = graph_.value(x).shape;
    for (int i : {1, 2}) s.dims[i] = {s.dims[i].min / 2, s.dims[i].max / 2};
    return node(op_code::max_pool2d, a, {x}, s);
  }
  ir::ValueId spatial_mean(ir::ValueId x) {
    ReduceAttrs a{};
    a.kind = kMoteReduceMean;
    a.axis_count = 2;
    a.axes[0] = 1;
    a.axes[1] = 2;
    ShapeBounds s;
    s.rank = 2;
    s.dims[0] = graph_.value(x).shape.dims[0];
    s.dims[1] = graph_.value(x).shape.dims[3];
    return node(op_code::reduce, a, {x}, s);
  }

  Type type_;
  int32_t channels_;
  ir::Graph graph_;
  std::mt19937 random_{5};
};

}  // namespace mote::test
