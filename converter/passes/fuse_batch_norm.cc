// What multiplies and shifts each channel of a layer's result becomes part of its weights.
#include <algorithm>
#include <cmath>
#include <optional>

#include "ops/attributes.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace mote {
namespace {

// y = x * factor + offset per channel, the last dimension; computed in double, rounded once.
struct Affine {
  std::vector<double> factor, offset;
};

class BatchNormFuser {
 public:
  explicit BatchNormFuser(ir::Graph& graph)
      : graph_(graph), producer_(ir::producers(graph)), uses_(ir::use_counts(graph)) {}

  void run() {
    std::vector<bool> dropped(graph_.nodes.size(), false);
    for (size_t n = 0; n < graph_.nodes.size(); ++n) {
      size_t operand = 0;
      auto affine = affine_of(graph_.nodes[n], &operand);
      if (!affine) continue;
      ir::ValueId x = graph_.nodes[n].inputs[operand];
      int32_t p = producer_[static_cast<size_t>(x)];
      if (p < 0 || uses_[static_cast<size_t>(x)] != 1) continue;
      ir::Node& layer = graph_.nodes[static_cast<size_t>(p)];
      if (!absorb(layer, *affine)) continue;
      layer.outputs[0] = graph_.nodes[n].outputs[0];
      producer_[static_cast<size_t>(layer.outputs[0])] = p;
      dropped[n] = true;
    }
    drop_nodes(graph_, dropped);
  }

 private:
  // Elements of a float constant; nothing for other values.
  std::optional<std::vector<double>> reals(ir::ValueId v) const {
    if (v == ir::kNone) return std::nullopt;
    const ir::Value& c = graph_.value(v);
    if (c.kind != TensorKind::constant || c.type != Type::float32) return std::nullopt;
    const float* data = c.as<float>();
    return std::vector<double>(data, data + c.data->size() / sizeof(float));
  }

  // A constant with one element, or one per channel of `y`; as many as there are channels.
  std::optional<std::vector<double>> per_channel(ir::ValueId v, const ShapeBounds& y) const {
    // Else there are no channels to speak of.
    if (y.rank < 2 || !y.dims[y.rank - 1].is_static()) return std::nullopt;
    const ShapeBounds& s = graph_.value(v).shape;
    const auto channels = static_cast<size_t>(y.dims[y.rank - 1].max);
    for (int i = 0; i + 1 < s.rank; ++i)
      if (s.dims[i].max != 1) return std::nullopt;
    if (s.rank > y.rank) return std::nullopt;
    auto list = reals(v);
    if (!list) return std::nullopt;
    if (list->size() == 1) return std::vector<double>(channels, list->front());
    if (list->size() != channels) return std::nullopt;
    return list;
  }

  std::optional<Affine> affine_of(const ir::Node& node, size_t* operand) const {
    switch (node.op) {
      case op_code::batch_norm:
        return batch_norm(node);
      case op_code::add:
      case op_code::sub:
      case op_code::mul:
        return binary(node, operand);
      default:
        return std::nullopt;
    }
  }

  std::optional<Affine> batch_norm(const ir::Node& node) const {
    auto scale = reals(node.inputs[1]), bias = reals(node.inputs[2]), mean = reals(node.inputs[3]),
         variance = reals(node.inputs[4]);
    if (!scale || !bias || !mean || !variance) return std::nullopt;
    const double epsilon = node.attrs<BatchNormAttrs>().epsilon;
    Affine a{*scale, *bias};
    for (size_t c = 0; c < scale->size(); ++c) {
      a.factor[c] /= std::sqrt((*variance)[c] + epsilon);
      a.offset[c] -= (*mean)[c] * a.factor[c];
    }
    return a;
  }

  std::optional<Affine> binary(const ir::Node& node, size_t* operand) const {
    auto attrs = node.attrs<BinaryAttrs>();
    const ir::Value& y = graph_.value(node.outputs[0]);
    if (y.type != Type::float32 || attrs.activation != kMoteActivationNone) return std::nullopt;
    const bool first = graph_.value(node.inputs[0]).kind == TensorKind::constant;
    if (first && node.op == op_code::sub) return std::nullopt;
    *operand = first ? 1 : 0;
    if (!same_shape(graph_.value(node.inputs[*operand]).shape, y.shape)) return std::nullopt;
    auto list = per_channel(node.inputs[1 - *operand], y.shape);
    if (!list) return std::nullopt;
    Affine a{std::vector<double>(list->size(), 1), std::vector<double>(list->size(), 0)};
    if (node.op == op_code::mul) a.factor = *list;
    if (node.op == op_code::add) a.offset = *list;
    if (node.op == op_code::sub)
      for (size_t c = 0; c < list->size(); ++c) a.offset[c] = -(*list)[c];
    return a;
  }

  ir::ValueId constant(const std::string& name, const ShapeBounds& shape,
                       const std::vector<double>& list) {
    ir::ValueId v = graph_.add_constant(name, Type::float32, shape,
                                        std::vector<float>(list.begin(), list.end()));
    producer_.push_back(-1);
    uses_.push_back(1);
    return v;
  }

  // The layer's own factors and offsets, as a batch_norm has them or a bias.
  bool absorb(ir::Node& layer, const Affine& a) {
    switch (layer.op) {
      case op_code::batch_norm:
        return absorb_into_norm(layer, a);
      case op_code::conv2d:
        return without_activation<Conv2dAttrs>(layer) && absorb_into_weights(layer, a, true);
      case op_code::fully_connected:
        return without_activation<FullyConnectedAttrs>(layer) &&
               absorb_into_weights(layer, a, true);
      case op_code::depthwise_conv2d:
        return without_activation<DepthwiseConv2dAttrs>(layer) &&
               absorb_into_weights(layer, a, false);
      case op_code::transpose_conv2d:
        // The channels of a group lie one after the other in the output, not in the weights.
        return without_activation<Conv2dAttrs>(layer) && layer.attrs<Conv2dAttrs>().groups == 1 &&
               absorb_into_weights(layer, a, false);
      default:
        return false;
    }
  }

  template <class Attrs>
  static bool without_activation(const ir::Node& layer) {
    return layer.attrs<Attrs>().activation == kMoteActivationNone;
  }

  bool absorb_into_norm(ir::Node& layer, const Affine& a) {
    auto scale = reals(layer.inputs[1]), bias = reals(layer.inputs[2]);
    if (!scale || !bias || scale->size() != a.factor.size()) return false;
    for (size_t c = 0; c < a.factor.size(); ++c) {
      (*scale)[c] *= a.factor[c];
      (*bias)[c] = (*bias)[c] * a.factor[c] + a.offset[c];
    }
    // The mean is taken off before the new factor, which the scale has.
    const ShapeBounds shape = graph_.value(layer.inputs[1]).shape;
    layer.inputs[1] = constant(graph_.value(layer.inputs[1]).name, shape, *scale);
    layer.inputs[2] = constant(graph_.value(layer.inputs[2]).name, shape, *bias);
    return true;
  }

  // Output channels are the first dimension of the weights, or the last.
  bool absorb_into_weights(ir::Node& layer, const Affine& a, bool channels_first) {
    const ir::ValueId w = layer.inputs[1];
    const ir::ValueId b = layer.inputs.size() > 2 ? layer.inputs[2] : ir::kNone;
    // Shared weights would be stored again.
    if (uses_[static_cast<size_t>(w)] != 1) return false;
    const size_t channels = a.factor.size();
    auto bias = b == ir::kNone ? std::vector<double>(channels, 0) : reals(b);
    ir::Value& weights = graph_.value(w);
    if (weights.kind != TensorKind::constant || weights.type != Type::float32 || !bias ||
        bias->size() != channels || weights.data->size() % (channels * sizeof(float)) != 0)
      return false;
    ir::Bytes bytes = *weights.data;
    const size_t count = bytes.size() / sizeof(float), each = count / channels;
    for (size_t i = 0; i < count; ++i) {
      float x;
      memcpy(&x, bytes.data() + i * sizeof x, sizeof x);
      x = static_cast<float>(x * a.factor[channels_first ? i / each : i % channels]);
      memcpy(bytes.data() + i * sizeof x, &x, sizeof x);
    }
    weights.data = std::make_shared<const ir::Bytes>(std::move(bytes));
    for (size_t c = 0; c < channels; ++c) (*bias)[c] = (*bias)[c] * a.factor[c] + a.offset[c];
    const std::string name = b == ir::kNone ? weights.name + "/bias" : graph_.value(b).name;
    layer.inputs.resize(std::max<size_t>(layer.inputs.size(), 3), ir::kNone);
    layer.inputs[2] = constant(name, ir::shape_of({static_cast<int32_t>(channels)}), *bias);
    return true;
  }

  ir::Graph& graph_;
  std::vector<int32_t> producer_;
  std::vector<int32_t> uses_;
};

}  // namespace

void fuse_batch_norm(ir::Graph& graph, Diagnostics&) { BatchNormFuser(graph).run(); }

}  // namespace mote
