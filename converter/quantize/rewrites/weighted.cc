// conv2d, depthwise_conv2d, fully_connected: one scale per output channel for the weights, biases
// in the accumulator's scale, stored requantize scales.
#include "ops/weighted.h"

#include "ir/tables.h"
#include "ops/attributes.h"
#include "quantize/rewrites/rewrite.h"
#include "quantize/scales.h"

namespace mote {
namespace {

// With a bias within 2^30 no weights can make the accumulator leave int32 (NUMERICS.md, 8.1).
constexpr int64_t kMaxTrainableTerms = 1 << 15;

// The dimension of the output channels.
int32_t channel_axis(const Site& s) { return s.node.op == op_code::depthwise_conv2d ? 3 : 0; }

int64_t channels_of(const Site& s) {
  return s.input(kWeightsInput).shape.dims[channel_axis(s)].max;
}

std::string refuse(const Site& s) {
  for (size_t i : {kWeightsInput, kBiasInput}) {
    const char* what = i == kWeightsInput ? "its weights" : "its bias";
    if (!s.has(i)) continue;
    if (!s.statics.contains(s.in(i))) return std::string(what) + " depend on the model's inputs";
    if (!s.statics.is_finite(s.in(i))) return std::string(what) + " hold NaN or infinity";
    ValueRange range = s.statics.range(s.in(i));
    if (range.max > 127 * kMaxWeightScale || range.min < -127 * kMaxWeightScale)
      return std::string(what) + " are too large for int8 scales";
  }
  int64_t terms = s.input(kWeightsInput).shape.max().elements() / channels_of(s);
  if (s.trainable && terms > kMaxTrainableTerms)
    return "a sum of " + std::to_string(terms) +
           " products of trainable weights could leave 32 bits";
  return {};
}

void relate(const Site& s, ScaleGroups& groups) { groups.source(s.out()); }

ir::Quantization scales_of_weights(const Site& s, const ir::Quantization& x, int32_t axis) {
  if (s.input(kWeightsInput).quantization.quantized()) return s.input(kWeightsInput).quantization;
  WeightScaleRequest request;
  Span<const float> weights = s.statics.floats(s.in(kWeightsInput));
  request.weights = weights.data;
  request.count = weights.size;
  request.channels = static_cast<size_t>(s.input(kWeightsInput).shape.dims[axis].max);
  request.channels_last = axis != 0;
  if (s.has(kBiasInput)) request.bias = s.statics.floats(s.in(kBiasInput)).data;
  request.input_scale = x.scales[0];
  request.input_zero_point = x.zero_points[0];
  const std::vector<float> scales = weight_scales(request);
  return {scales, std::vector<int32_t>(scales.size(), 0), scales.size() > 1 ? axis : -1};
}

void rewrite(const Site& s, Rewriter& r) {
  ir::ValueId x = r.int8(s.in(0));
  StoredWeights w = store_weights(s, r, channel_axis(s));
  std::vector<float> requantize =
      ir::requantize_scales(r.quantization(s.in(0)), w.quantization, r.quantization(s.out()));
  ir::ValueId scales = r.constant(s.graph.value(s.in(kWeightsInput)).name + "/requantize",
                                  Type::float32, requantize);
  r.add_int8(s.node, {x, w.weights, w.bias, scales});
}

constexpr QuantizeRow row(uint16_t op) {
  return {.op = op, .refuse = refuse, .relate = relate, .rewrite = rewrite};
}
constexpr QuantizeRow kRows[] = {row(op_code::conv2d), row(op_code::depthwise_conv2d),
                                 row(op_code::fully_connected)};

}  // namespace

StoredWeights store_weights(const Site& s, Rewriter& r, int32_t axis) {
  const ir::Quantization& in = r.quantization(s.in(0));
  StoredWeights w{.quantization = scales_of_weights(s, in, axis)};
  w.weights = r.stored(s.in(kWeightsInput), Type::int8, w.quantization);
  if (!s.has(kBiasInput)) return w;
  std::vector<float> products;
  for (float scale : w.quantization.scales) products.push_back(in.scales[0] * scale);
  w.bias = r.stored(s.in(kBiasInput), Type::int32, products, 0);
  return w;
}

Span<const QuantizeRow> weighted_rows() { return kRows; }

}  // namespace mote
