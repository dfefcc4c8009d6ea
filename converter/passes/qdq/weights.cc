// Whether weights and bias of a model suit the int8 kernels.
#include <algorithm>
#include <cmath>

#include "ir/stored_scales.h"
#include "ops/weighted.h"
#include "passes/qdq/operators.h"
#include "quantize/scales.h"

namespace mote::qdq {
namespace {

// What quantize takes for int32 (NUMERICS.md, 8.1), and the accumulator (3.1).
constexpr double kBiasLimit = 0x1p30, kAccumulatorLimit = 0x7FFFFFFF;
// What a bias may be in the scale of a channel whose own weights count for nothing.
constexpr double kWidenedBias = 0x1p28;
// Of a step of the result.
constexpr double kUnseen = 0x1p-6;

// The largest bias of each channel of the weights; several groups share one.
std::vector<double> biases(const Fusion& f, const ir::Node& node, size_t channels) {
  std::vector<double> largest(channels, 0);
  if (node.inputs.size() <= kBiasInput || node.inputs[kBiasInput] == ir::kNone) return largest;
  Span<const float> bias = f.constants.floats(node.inputs[kBiasInput]);
  for (size_t i = 0; i < bias.size; ++i)
    largest[i % channels] =
        std::max(largest[i % channels], std::fabs(static_cast<double>(bias.data[i])));
  return largest;
}

struct Layer {
  ir::Quantization x;
  ir::Quantization weights;
  std::vector<int64_t> sums = {};  // of |weight| per channel
  std::vector<double> bias = {};
  double terms = 0;  // of one sum
  float out = 1;     // scale of the result

  double largest_input() const {
    const int32_t z = x.zero_points[0];
    return std::max(std::abs(-128 - z), std::abs(127 - z));
  }
  float& scale(size_t c) { return weights.scales[weights.scales.size() > 1 ? c : 0]; }

  // No sum leaves int32, whatever the input holds.
  bool fits(size_t c) {
    const double steps = bias[c] / (static_cast<double>(x.scales[0]) * scale(c));
    return scale(c) >= kMinWeightScale && steps <= kBiasLimit &&
           largest_input() * static_cast<double>(sums[c]) + steps <= kAccumulatorLimit;
  }

  // A channel that is nothing but its bias gets a larger scale, unless a result could tell.
  bool widen(size_t c) {
    if (weights.scales.size() == 1) return false;
    const double least = bias[c] / (static_cast<double>(x.scales[0]) * kWidenedBias);
    scale(c) = std::max({scale(c), kMinWeightScale, static_cast<float>(least)});
    const double rounding = 0.5 * scale(c) * x.scales[0] * terms * largest_input();
    return rounding <= kUnseen * out && fits(c);
  }

  bool fit() {
    for (size_t c = 0; c < sums.size(); ++c)
      if (!fits(c) && !widen(c)) return false;
    return true;
  }
};

void set_sums(const ir::Value& w, const std::vector<int8_t>& stored, int32_t axis, Layer* layer) {
  const auto channels = static_cast<size_t>(w.shape.dims[axis].max);
  size_t inner = 1;
  for (int32_t i = axis + 1; i < w.shape.rank; ++i)
    inner *= static_cast<size_t>(w.shape.dims[i].max);
  layer->sums.assign(channels, 0);
  layer->terms = static_cast<double>(stored.size() / channels);
  const int32_t zero = w.quantization.scales.size() > 1 ? 0 : w.quantization.zero_points[0];
  for (size_t i = 0; i < stored.size(); ++i)
    layer->sums[i / inner % channels] += std::abs(stored[i] - zero);
}

}  // namespace

int32_t channel_axis(const ir::Node& node) {
  const bool last = node.op == op_code::depthwise_conv2d || node.op == op_code::transpose_conv2d;
  return last ? 3 : 0;
}

bool weights_fit(const Fusion& f, const ir::Node& node) {
  if (!f.rewriter.has_int8(node.inputs[0])) return false;
  for (size_t i = kWeightsInput; i < node.inputs.size(); ++i)
    if (node.inputs[i] != ir::kNone && (i > kBiasInput || !f.constants.contains(node.inputs[i])))
      return false;
  ir::Value& w = f.source.value(node.inputs[kWeightsInput]);
  const int32_t axis = channel_axis(node);
  if (w.quantization.scales.size() > 1 && w.quantization.axis != axis) return false;
  auto stored = ir::stored_integers(w);
  if (!stored) return false;
  Layer layer{.x = f.rewriter.quantization(node.inputs[0]), .weights = w.quantization};
  set_sums(w, *stored, axis, &layer);
  layer.bias = biases(f, node, layer.sums.size());
  layer.out = f.targets.of(node.outputs[0])->scales[0];
  if (!layer.fit()) return false;
  w.quantization = layer.weights;
  return true;
}

}  // namespace mote::qdq
