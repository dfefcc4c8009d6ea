// Networks with everything that training changes.
#pragma once

#include <cmath>

#include "ir/builder.h"
#include "grad/parameters.h"
#include "train/attributes.h"

namespace mote::test {

struct SmallCnnOptions {
  bool dropout = false;
  bool softmax = true;
  // A bias that batch_norm takes away again: its gradient is 0 but for rounding.
  bool useless_bias = true;
};

// Layers with random parameters, equal on every machine.
class Network {
 public:
  ir::Graph graph;
  Diagnostics diagnostics;

 protected:
  explicit Network(const ShapeBounds& image) : g_(graph, diagnostics) {
    graph.name = "model";
    ir::Value input;
    input.name = "image";
    input.shape = image;
    image_ = graph.add_value(input);
    graph.inputs.push_back({"image", image_});
  }
  void finish(ir::ValueId classes) {
    graph.outputs.push_back({"classes", classes});
    mark_parameters(graph);
  }

  float random() {
    state_ = state_ * 1664525 + 1013904223;  // Numerical Recipes
    return static_cast<float>(state_ >> 8) * 0x1p-23f - 1;
  }
  ir::ValueId constant(const std::string& name, const std::vector<int32_t>& shape, float spread,
                       float center = 0) {
    std::vector<float> elements(static_cast<size_t>(ir::shape_of(shape).max().elements()));
    for (float& e : elements) e = center + spread * random();
    return graph.add_constant(name, Type::float32, ir::shape_of(shape), elements);
  }
  // k x k with "same" padding for odd k.
  ir::ValueId conv(const std::string& name, ir::ValueId x, int32_t filters, int32_t k,
                   int32_t stride = 1, bool bias = false) {
    int32_t in = g_.dims(x).back(), pad = k / 2;
    Conv2dAttrs a{stride, stride, 1, 1, pad, pad, pad, pad, 1, 0};
    // He et al. 2015: the variance stays.
    float spread = std::sqrt(6.0f / static_cast<float>(k * k * in));
    std::vector<ir::ValueId> inputs = {x, constant(name + "/weights", {filters, k, k, in}, spread)};
    if (bias) inputs.push_back(constant(name + "/bias", {filters}, 0.1f));
    return g_.node(op_code::conv2d, a, inputs);
  }
  ir::ValueId depthwise(const std::string& name, ir::ValueId x, bool bias) {
    int32_t c = g_.dims(x).back();
    DepthwiseConv2dAttrs a{1, 1, 1, 1, 1, 1, 1, 1, 1, 0};
    std::vector<ir::ValueId> inputs = {x, constant(name + "/weights", {1, 3, 3, c}, 0.3f)};
    if (bias) inputs.push_back(constant(name + "/bias", {c}, 0.1f));
    return g_.node(op_code::depthwise_conv2d, a, inputs);
  }
  ir::ValueId norm(const std::string& name, ir::ValueId x) {
    int32_t c = g_.dims(x).back();
    return g_.node(
        op_code::batch_norm, BatchNormAttrs{1e-5f, 0.1f, 0},
        {x, constant(name + "/scale", {c}, 0.2f, 1), constant(name + "/bias", {c}, 0.2f),
         constant(name + "/mean", {c}, 0.1f), constant(name + "/variance", {c}, 0.2f, 1)});
  }
  ir::ValueId relu(ir::ValueId x) {
    return g_.node(op_code::activation, ActivationAttrs{kMoteRelu}, {x});
  }
  ir::ValueId dense(const std::string& name, ir::ValueId x, int32_t units) {
    return g_.node(op_code::fully_connected, FullyConnectedAttrs{},
                   {x, constant(name + "/weights", {units, g_.dims(x).back()}, 0.2f),
                    constant(name + "/bias", {units}, 0.1f)});
  }
  // The mask gets seed and step where training is built.
  ir::ValueId dropout(ir::ValueId x) {
    ir::Value mask;
    mask.name = g_.unique_name("mask");
    mask.shape = graph.value(x).shape;
    ir::Node node;
    node.op = op_code::dropout_mask;
    node.set_attrs(DropoutMaskAttrs{0.25f, 0});
    node.inputs = {x};
    node.outputs = {graph.add_value(mask)};
    graph.nodes.push_back(node);
    return g_.mul(x, node.outputs[0]);
  }

  Builder g_;
  ir::ValueId image_;

 private:
  uint32_t state_ = 1;
};

// [1, 8, 8, 3] -> [1, 4]: convolution and depthwise convolution with batch_norm, a residual, a
// pool, a dense layer.
class SmallCnn : public Network {
 public:
  explicit SmallCnn(const SmallCnnOptions& options = {}) : Network(ir::shape_of({1, 8, 8, 3})) {
    ir::ValueId x = relu(norm("bn1", conv("conv1", image_, 6, 3)));
    ir::ValueId y = relu(norm("bn2", depthwise("conv2", x, options.useless_bias)));
    x = g_.add(x, norm("bn3", conv("conv3", y, 6, 1)));
    x = g_.node(op_code::max_pool2d, Pool2dAttrs{2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0}, {x});
    if (options.dropout) x = dropout(x);
    x = g_.reshape(x, {1, 4 * 4 * 6});
    if (options.dropout) x = dropout(x);
    x = dense("fc", x, 4);
    if (options.softmax) x = g_.node(op_code::softmax, SoftmaxAttrs{1}, {x});
    finish(x);
  }
};

// [1, 32, 32, 3] -> [1, 10]: the ResNet-8 of MLPerf Tiny.
class ResNet8 : public Network {
 public:
  ResNet8() : Network(ir::shape_of({1, 32, 32, 3})) {
    ir::ValueId x = relu(norm("bn", conv("conv", image_, 16, 3)));
    x = block("block1", x, 16, 1);
    x = block("block2", x, 32, 2);
    x = block("block3", x, 64, 2);
    ReduceAttrs mean{};
    mean.kind = kMoteReduceMean;
    mean.axis_count = 2;
    mean.axes[0] = 1;
    mean.axes[1] = 2;
    finish(dense("fc", g_.node(op_code::reduce, mean, {x}), 10));
  }

 private:
  ir::ValueId block(const std::string& name, ir::ValueId x, int32_t filters, int32_t stride) {
    ir::ValueId y = relu(norm(name + "/bn1", conv(name + "/conv1", x, filters, 3, stride)));
    y = norm(name + "/bn2", conv(name + "/conv2", y, filters, 3));
    if (stride != 1) x = conv(name + "/shortcut", x, filters, 1, stride, true);
    return relu(g_.add(y, x));
  }
};

}  // namespace mote::test
