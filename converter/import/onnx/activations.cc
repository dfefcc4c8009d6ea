// Activations.
#include <algorithm>
#include <cmath>

#include "import/onnx/elementwise.h"
#include "import/onnx/float_steps.h"

namespace mote::onnx_import {
namespace {

void import_activation(NodeImport& c, int32_t kind, float alpha = 0, float beta = 0) {
  Operands o = float_operands(c, 1);
  if (!c.failed()) define_result(c, o, activated(c, kind, o.values[0], alpha, beta));
}

// ONNX: where the bounds are in the wrong order, the upper one is the result.
ir::ValueId clipped(NodeImport& c, ir::ValueId x, float lo, float hi) {
  lo = std::min(lo, hi);
  if (lo == 0 && hi == 6) return activated(c, kMoteRelu6, x);
  if (lo == 0 && hi == 1) return activated(c, kMoteRelu0To1, x);
  if (lo == -1 && hi == 1) return activated(c, kMoteReluN1To1, x);
  // Files write "no upper bound" as infinity or as the largest number.
  if (lo == 0 && hi >= 3.4e38f) return activated(c, kMoteRelu, x);
  return activated(c, kMoteClip, x, lo, hi);
}

// Bounds: constants or tensors of one element; kNone: none.
ir::ValueId clipped_by(NodeImport& c, ir::ValueId x, ir::ValueId lo, ir::ValueId hi) {
  if (lo == ir::kNone && hi == ir::kNone) return x;
  std::optional<float> low = lo == ir::kNone ? -INFINITY : constant_scalar(c, lo);
  std::optional<float> high = hi == ir::kNone ? INFINITY : constant_scalar(c, hi);
  if (low && high && !std::isnan(*low) && !std::isnan(*high) && c.type(x) == Type::float32)
    return clipped(c, x, *low, *high);
  if (lo != ir::kNone) x = binary(c, op_code::maximum, x, lo);
  return hi == ir::kNone ? x : binary(c, op_code::minimum, x, hi);
}

// x with a bias where operand 1 is given.
ir::ValueId biased(NodeImport& c, ir::ValueId x) {
  ir::ValueId bias = optional_float_input(c, 1);
  return bias == ir::kNone ? x : binary(c, op_code::add, x, bias);
}

}  // namespace

void import_relu(NodeImport& c) {
  Operands o = operands(c, 1);
  if (c.failed()) return;
  ir::ValueId x = o.values[0];
  if (o.computed == Type::float32) return define_result(c, o, activated(c, kMoteRelu, x));
  define_result(c, o, binary(c, op_code::maximum, x, number(c, o.computed, 0)));
}

void import_clip(NodeImport& c) {
  Operands o = operands(c, 1);
  if (c.failed()) return;
  ir::ValueId lo = ir::kNone, hi = ir::kNone;
  if (c.opset() < 11) {
    if (c.has_attr("min")) lo = scalar(c, c.attr_float("min", 0));
    if (c.has_attr("max")) hi = scalar(c, c.attr_float("max", 0));
  } else {
    lo = c.optional_input(1);
    hi = c.optional_input(2);
  }
  if (c.failed()) return;
  ir::ValueId y =
      clipped_by(c, o.values[0], as_type(c, lo, o.computed), as_type(c, hi, o.computed));
  define_result(c, o, y);
}

void import_sigmoid(NodeImport& c) { import_activation(c, kMoteSigmoid); }
void import_tanh(NodeImport& c) { import_activation(c, kMoteTanh); }
void import_softplus(NodeImport& c) { import_activation(c, kMoteSoftplus); }
void import_softsign(NodeImport& c) { import_activation(c, kMoteSoftsign); }
void import_mish(NodeImport& c) { import_activation(c, kMoteMish); }
void import_hard_swish(NodeImport& c) { import_activation(c, kMoteHardSwish); }
void import_leaky_relu(NodeImport& c) {
  import_activation(c, kMoteLeakyRelu, c.attr_float("alpha", 0.01f));
}
void import_elu(NodeImport& c) { import_activation(c, kMoteElu, c.attr_float("alpha", 1)); }
void import_celu(NodeImport& c) { import_activation(c, kMoteCelu, c.attr_float("alpha", 1)); }
void import_selu(NodeImport& c) {
  import_activation(c, kMoteSelu, c.attr_float("alpha", 1.67326319217681884765625f),
                    c.attr_float("gamma", 1.05070102214813232421875f));
}
void import_thresholded_relu(NodeImport& c) {
  import_activation(c, kMoteThresholdedRelu, c.attr_float("alpha", 1));
}
void import_hard_sigmoid(NodeImport& c) {
  import_activation(c, kMoteHardSigmoid, c.attr_float("alpha", 0.2f), c.attr_float("beta", 0.5f));
}
void import_shrink(NodeImport& c) {
  import_activation(c, kMoteShrink, c.attr_float("lambd", 0.5f), c.attr_float("bias", 0));
}

void import_gelu(NodeImport& c) {
  std::string approximate = c.attr_string("approximate", "none");
  if (approximate != "none" && approximate != "tanh")
    return c.error("approximate '" + approximate + "'", "none or tanh");
  import_activation(c, approximate == "tanh" ? kMoteGeluTanh : kMoteGelu);
}

// com.microsoft: BiasGelu and FastGelu add operand 1 first.
void import_bias_gelu(NodeImport& c) {
  Operands o = float_operands(c, 1);
  if (!c.failed()) define_result(c, o, activated(c, kMoteGelu, biased(c, o.values[0])));
}
void import_fast_gelu(NodeImport& c) {
  Operands o = float_operands(c, 1);
  if (!c.failed()) define_result(c, o, activated(c, kMoteGeluTanh, biased(c, o.values[0])));
}

// x * sigmoid(alpha * x): Swish, and QuickGelu of com.microsoft.
void import_scaled_silu(NodeImport& c, float fallback) {
  Operands o = float_operands(c, 1);
  if (c.failed()) return;
  ir::ValueId x = o.values[0];
  float alpha = c.attr_float("alpha", fallback);
  if (alpha == 1) return define_result(c, o, activated(c, kMoteSilu, x));
  ir::ValueId gate = activated(c, kMoteSigmoid, binary(c, op_code::mul, x, alpha));
  define_result(c, o, binary(c, op_code::mul, x, gate));
}
void import_swish(NodeImport& c) { import_scaled_silu(c, 1); }
void import_quick_gelu(NodeImport& c) { import_scaled_silu(c, 1.702f); }

}  // namespace mote::onnx_import
