// CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED.
#include "import/tflite/windows.h"
#include "ir/op_view.h"
#include "ir/tables.h"

namespace mote::tflite_import {
namespace {

struct Operands {
  ir::ValueId x, weights, bias, scale, y;
  bool complete = false;
  std::vector<ir::ValueId> inputs() const { return {x, weights, bias, scale}; }
};

// The stored scales of a quantized operator.
ir::ValueId requantize_operand(OpImport& c, ir::ValueId x, ir::ValueId weights, ir::ValueId y) {
  const ir::Quantization& qx = c.value(x).quantization;
  const ir::Quantization& qw = c.value(weights).quantization;
  const ir::Quantization& qy = c.value(y).quantization;
  // Anything else is for the operator's own check to refuse.
  if (c.value(x).type != Type::int8 || qx.scales.size() != 1 || qy.scales.size() != 1 ||
      !qw.quantized())
    return ir::kNone;
  if (!c.importer().source().visit(qw.scales.size())) return ir::kNone;
  std::vector<float> scales = ir::requantize_scales(qx, qw, qy);
  auto count = static_cast<int32_t>(scales.size());
  return c.graph().add_constant(c.value(y).name + "/requantize", Type::float32,
                                ir::shape_of({count}), scales);
}

// Weights in float models may be stored quantized; they are widened unless `as_stored`.
Operands operands(OpImport& c, int32_t weights_rank, bool as_stored = false) {
  Operands o{};
  o.x = c.input(0);
  o.weights = as_stored ? c.input(1) : c.input_like(1, o.x);
  o.bias = c.has(2) ? c.input_like(2, o.x) : ir::kNone;
  o.scale = ir::kNone;
  o.y = c.failed() ? ir::kNone : c.output();
  if (c.failed()) return o;
  int32_t rank = c.value(o.weights).shape.rank;
  if (rank != weights_rank) {
    c.error(
        "weights of rank " + std::to_string(rank) + ", expected " + std::to_string(weights_rank),
        "", c.input_tensor(1));
    return o;
  }
  o.scale = requantize_operand(c, o.x, o.weights, o.y);
  o.complete = true;
  return o;
}

// Window attributes that both convolutions have.
template <class Attrs, class Options>
bool window_attributes(OpImport& c, const Options& options, const Operands& o, Attrs* a) {
  const ShapeBounds x = c.value(o.x).shape, w = c.value(o.weights).shape;
  if (x.rank != 4 || !x.dims[3].is_static()) {
    c.error("input of shape " + ir::shape_text(x) + "; expected rank 4 and static channels");
    return false;
  }
  a->stride_h = options.stride_h();
  a->stride_w = options.stride_w();
  a->dilation_h = options.dilation_h();
  a->dilation_w = options.dilation_w();
  a->activation = c.fused_activation(options.activation());
  auto vertical =
      explicit_pads(c, options.padding(), x.dims[1], w.dims[1].max, a->stride_h, a->dilation_h);
  auto horizontal =
      explicit_pads(c, options.padding(), x.dims[2], w.dims[2].max, a->stride_w, a->dilation_w);
  if (!vertical || !horizontal) return false;
  a->pad_top = vertical->before;
  a->pad_bottom = vertical->after;
  a->pad_left = horizontal->before;
  a->pad_right = horizontal->after;
  return !c.failed();
}

// How often `part` fits into `whole`; nothing when it does not divide it.
std::optional<int32_t> quotient(OpImport& c, int32_t whole, int32_t part, const char* what) {
  if (part >= 1 && whole % part == 0) return whole / part;
  c.error(std::string(what) + ": " + std::to_string(whole) + " channels are no multiple of " +
          std::to_string(part));
  return std::nullopt;
}

// Whether FULLY_CONNECTED sees x as [elements / k, k].
bool flattens(const ShapeBounds& x, bool keep_dims) { return x.rank != 2 && !keep_dims; }

}  // namespace

void import_conv2d(OpImport& c) {
  const auto* options = c.required_options<tfl::Conv2DOptions>();
  Operands o = operands(c, 4);
  Conv2dAttrs a{};
  if (options == nullptr || !o.complete || !window_attributes(c, *options, o, &a)) return;
  auto groups =
      quotient(c, c.value(o.x).shape.dims[3].max, c.value(o.weights).shape.dims[3].max, "groups");
  if (!groups) return;
  a.groups = *groups;
  c.emit(op_code::conv2d, a, o.inputs(), o.y);
}

void import_depthwise_conv2d(OpImport& c) {
  const auto* options = c.required_options<tfl::DepthwiseConv2DOptions>();
  Operands o = operands(c, 4);
  DepthwiseConv2dAttrs a{};
  if (options == nullptr || !o.complete || !window_attributes(c, *options, o, &a)) return;
  auto multiplier = quotient(c, c.value(o.weights).shape.dims[3].max,
                             c.value(o.x).shape.dims[3].max, "depth multiplier");
  if (!multiplier) return;
  a.multiplier = *multiplier;
  c.emit(op_code::depthwise_conv2d, a, o.inputs(), o.y);
}

void import_fully_connected(OpImport& c) {
  const auto* options = c.options<tfl::FullyConnectedOptions>();
  const bool hybrid = is_hybrid(c, c.input(0), 1);
  Operands o = operands(c, 2, hybrid);
  FullyConnectedAttrs a{};
  if (!o.complete) return;
  bool keep = options != nullptr && options->keep_num_dims();
  if (options != nullptr) a.activation = c.fused_activation(options->activation());
  if (options != nullptr && options->weights_format() != 0)
    return c.error("shuffled weights are not supported", "export the model again");
  if (c.failed()) return;
  ShapeBounds x = c.value(o.x).shape;
  int32_t k = c.value(o.weights).shape.dims[1].max;
  bool fits = x.rank > 0 && x.dims[x.rank - 1].is_static() && x.dims[x.rank - 1].max == k;
  if (flattens(x, keep) || !fits) o.x = c.reshaped(o.x, {-1, k}, "/rows");
  if (o.x == ir::kNone) return;
  if (hybrid) return emit_hybrid_product(c, {o.x, o.weights, o.bias, o.y}, true, a.activation);
  c.emit(op_code::fully_connected, a, o.inputs(), o.y);
}

}  // namespace mote::tflite_import
