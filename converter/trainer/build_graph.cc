#include "trainer/build_graph.h"

#include <cmath>

#include "ir/op_view.h"
#include "ops/attributes.h"
#include "train/attributes.h"
#include "trainer/failure.h"
#include "trainer/random.h"

namespace mote::trainer {
namespace {

class Builder {
 public:
  Builder(const Sequential& model, uint64_t seed) : model_(model), seed_(seed) {
    graph_.name = "infer";
    std::vector<int32_t> shape = model.input_shape();
    shape.insert(shape.begin(), 1);
    ir::Value input;
    input.name = "input";
    input.shape = ir::shape_of(shape);
    x_ = graph_.add_value(std::move(input));
    graph_.inputs.push_back({"input", x_});
  }

  ir::Graph run() {
    for (const Layer& layer : model_.layers()) {
      add_layer(layer);
      ++number_;
    }
    graph_.outputs.push_back({"output", x_});
    return std::move(graph_);
  }

 private:
  void add_layer(const Layer& layer) {
    using Kind = Layer::Kind;
    switch (layer.kind) {
      case Kind::conv2d:
      case Kind::depthwise_conv2d:
        return convolution(layer);
      case Kind::dense:
        return dense(layer);
      case Kind::batch_norm:
        return batch_norm(layer);
      case Kind::activation:
        return node(layer, op_code::activation, ActivationAttrs{layer.size}, {x_});
      case Kind::softmax:
        return node(layer, op_code::softmax, SoftmaxAttrs{1.0f}, {x_});
      case Kind::dropout:
        return dropout(layer);
      case Kind::max_pool2d:
        return pool(layer, op_code::max_pool2d);
      case Kind::avg_pool2d:
        return pool(layer, op_code::avg_pool2d);
      case Kind::global_average_pool: {
        ReduceAttrs a{};
        a.kind = kMoteReduceMean;
        a.axis_count = 2;
        a.axes[0] = 1;
        a.axes[1] = 2;
        return node(layer, op_code::reduce, a, {x_});
      }
      case Kind::flatten: {
        ReshapeAttrs a{};
        a.count = 2;
        a.shape[1] = layer.output_shape[0];  // shape[0] = 0: the batch stays
        return node(layer, op_code::reshape, a, {x_});
      }
    }
  }

  template <class A>
  void node(const Layer& layer, uint16_t op, const A& attrs, std::vector<ir::ValueId> inputs) {
    ir::Node n;
    n.op = op;
    n.set_attrs(attrs);
    n.inputs = std::move(inputs);
    ir::Value y;
    y.name = layer.name;
    y.shape = graph_.value(x_).shape;
    n.outputs = {graph_.add_value(std::move(y))};
    n.location = layer.name;
    // Its seed and step are given to it where training is built.
    if (op != op_code::dropout_mask)
      require(ir::infer_node(graph_, n), "layer '" + layer.name + "'");
    x_ = n.outputs[0];
    graph_.nodes.push_back(std::move(n));
  }

  ir::ValueId constant(const Layer& layer, const char* name, const std::vector<int32_t>& shape,
                       const std::vector<float>& values, bool trainable) {
    ir::ValueId id =
        graph_.add_constant(layer.name + "/" + name, Type::float32, ir::shape_of(shape), values);
    graph_.value(id).trainable = trainable;
    return id;
  }
  ir::ValueId filled(const Layer& layer, const char* name, int32_t count, float value,
                     bool trainable) {
    return constant(layer, name, {count}, std::vector<float>(static_cast<size_t>(count), value),
                    trainable);
  }

  // Uniform in +-limit; square roots are correctly rounded, so that the bits are the same anywhere.
  ir::ValueId weights(const Layer& layer, const std::vector<int32_t>& shape,
                      Initializer initializer, int64_t fan_in, int64_t fan_out) {
    size_t count = 1;
    for (int32_t d : shape) count *= static_cast<size_t>(d);
    double fan = static_cast<double>(fan_in);
    if (initializer == Initializer::glorot_uniform) fan += static_cast<double>(fan_out);
    auto limit = static_cast<float>(std::sqrt(6.0 / fan));
    if (initializer == Initializer::zeros) limit = 0;
    Random random(seed_, Stream::initial_weights, number_);
    std::vector<float> values(count);
    for (size_t i = 0; i < count; ++i) values[i] = (2 * random.uniform(i) - 1) * limit;
    return constant(layer, "weights", shape, values, true);
  }

  void convolution(const Layer& layer) {
    const ConvolutionOptions& o = layer.convolution;
    int32_t k = layer.window, in = graph_.value(x_).shape.dims[3].max;
    bool depthwise = layer.kind == Layer::Kind::depthwise_conv2d;
    int64_t area = int64_t{k} * k;
    int32_t per_group = depthwise ? 1 : in / o.groups;
    std::vector<int32_t> shape = {layer.size, k, k, per_group};
    if (depthwise) shape = {1, k, k, layer.size};
    int64_t fan_out = area * (depthwise ? o.multiplier : layer.size / o.groups);
    ir::ValueId w = weights(layer, shape, o.initializer, area * per_group, fan_out);
    std::vector<ir::ValueId> inputs = {x_, w};
    if (o.bias) inputs.push_back(filled(layer, "bias", layer.size, 0, true));
    int32_t s = o.stride, d = o.dilation, p = o.padding;
    if (depthwise) {
      DepthwiseConv2dAttrs a{s, s, d, d, p, p, p, p, o.multiplier, kMoteActivationNone};
      return node(layer, op_code::depthwise_conv2d, a, std::move(inputs));
    }
    Conv2dAttrs a{s, s, d, d, p, p, p, p, o.groups, kMoteActivationNone};
    node(layer, op_code::conv2d, a, std::move(inputs));
  }

  void dense(const Layer& layer) {
    int32_t in = graph_.value(x_).shape.dims[1].max;
    std::vector<ir::ValueId> inputs = {
        x_, weights(layer, {layer.size, in}, layer.dense.initializer, in, layer.size)};
    if (layer.dense.bias) inputs.push_back(filled(layer, "bias", layer.size, 0, true));
    node(layer, op_code::fully_connected, FullyConnectedAttrs{kMoteActivationNone},
         std::move(inputs));
  }

  void batch_norm(const Layer& layer) {
    int32_t c = layer.output_shape.back();
    BatchNormAttrs a{layer.batch_norm.epsilon, layer.batch_norm.momentum, 0};
    node(layer, op_code::batch_norm, a,
         {x_, filled(layer, "scale", c, 1, true), filled(layer, "bias", c, 0, true),
          filled(layer, "mean", c, 0, false), filled(layer, "variance", c, 1, false)});
  }

  void dropout(const Layer& layer) {
    ir::ValueId x = x_;
    node(layer, op_code::dropout_mask, DropoutMaskAttrs{layer.rate, number_}, {x});
    ir::ValueId mask = x_;
    graph_.value(mask).name = layer.name + "/mask";
    node(layer, op_code::mul, BinaryAttrs{kMoteActivationNone, 0}, {x, mask});
  }

  void pool(const Layer& layer, uint16_t op) {
    int32_t k = layer.window, s = layer.pool.stride, p = layer.pool.padding;
    node(layer, op, Pool2dAttrs{k, k, s, s, p, p, p, p, 0, kMoteActivationNone, 0}, {x_});
  }

  const Sequential& model_;
  uint64_t seed_;
  uint32_t number_ = 0;  // of the layer
  ir::Graph graph_;
  ir::ValueId x_ = ir::kNone;
};

}  // namespace

ir::Graph build_graph(const Sequential& model, uint64_t seed) {
  if (model.output_shape().size() != 1) {
    wrong_use("the model's output", "has several dimensions",
              "end with dense, flatten or global_average_pool");
  }
  return Builder(model, seed).run();
}

}  // namespace mote::trainer
