// LOG_SOFTMAX, L2_NORMALIZATION, LOCAL_RESPONSE_NORMALIZATION, BATCH_MATMUL.
#include <cmath>

#include "import/tflite/op_import.h"

namespace mote::tflite_import {
namespace {

// One operator on output 0 and input 0 that works in float32: quantized operands are converted.
template <class Attrs>
void emit_in_float(OpImport& c, uint16_t op, const Attrs& attrs) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  ir::ValueId y = c.output();
  if (c.failed()) return;
  if (c.value(x).type != Type::int8 || c.value(y).type != Type::int8) {
    c.emit(op, attrs, {x}, y);
    return;
  }
  const std::string name = c.value(y).name;
  ir::ValueId real = c.importer().new_value(name + "/x", Type::float32, {});
  ir::ValueId result = c.importer().new_value(name + "/y", Type::float32, {});
  if (c.emit(op_code::dequantize, {x}, real) && c.emit(op, attrs, {real}, result))
    c.emit(op_code::quantize, {result}, y);
}

}  // namespace

void import_log_softmax(OpImport& c) { emit_in_float(c, op_code::log_softmax, SoftmaxAttrs{1}); }

void import_l2_normalization(OpImport& c) {
  const auto* options = c.options<tfl::L2NormOptions>();
  if (options != nullptr && options->activation() != tfl::Activation::NONE)
    return c.error("a fused activation is not supported", "export it as an operator of its own");
  // The least norm, as TFLite's kernels have it.
  emit_in_float(c, op_code::l2_normalize, NormalizeAttrs{1, 0, 1e-6f});
}

void import_local_response_normalization(OpImport& c) {
  const auto* options = c.required_options<tfl::LocalResponseNormalizationOptions>();
  if (options == nullptr) return;
  LocalResponseNormAttrs a{};
  a.before = a.after = options->radius();
  a.alpha = options->alpha();
  a.beta = options->beta();
  a.bias = options->bias();
  emit_in_float(c, op_code::local_response_norm, a);
}

void import_batch_matmul(OpImport& c) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  const auto* options = c.options<tfl::BatchMatMulOptions>();
  BatchMatmulAttrs a{};
  a.transpose_a = options != nullptr && options->adj_x() ? 1 : 0;
  a.transpose_b = options != nullptr && options->adj_y() ? 1 : 0;
  // Rows are quantized: of x as it is stored.
  if (a.transpose_a == 0 && is_hybrid(c, x, 1)) {
    const ir::ValueId w = c.input(1);
    if (c.value(w).quantization.scales.size() == 1)
      return emit_hybrid_product(c, {x, w, ir::kNone, c.output()}, a.transpose_b != 0,
                                 kMoteActivationNone);
  }
  ir::ValueId y = c.input_like(1, x);
  if (c.failed()) return;
  ir::ValueId out = c.output();
  if (c.failed()) return;
  c.emit(op_code::batch_matmul, a, {x, y}, out);
}

}  // namespace mote::tflite_import
