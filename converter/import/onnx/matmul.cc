// Gemm, MatMul, Sum.
#include "import/onnx/float_steps.h"
#include "ir/op_view.h"

namespace mote::onnx_import {
namespace {

ir::ValueId exchanged(NodeImport& c, ir::ValueId x) { return reordered(c, x, {1, 0}); }

ir::ValueId scaled(NodeImport& c, ir::ValueId x, float factor) {
  return factor == 1 ? x : binary(c, op_code::mul, x, factor);
}

bool is_bias(const ShapeBounds& s, int32_t outputs) {
  for (int i = 0; i + 1 < s.rank; ++i)
    if (s.dims[i].max != 1) return false;
  return s.rank >= 1 && s.dims[s.rank - 1].is_static() && s.dims[s.rank - 1].max == outputs;
}

ir::ValueId dense(NodeImport& c, ir::ValueId x, ir::ValueId weights, ir::ValueId bias) {
  return c.build().node(op_code::fully_connected, FullyConnectedAttrs{kMoteActivationNone},
                        {x, weights, bias}, Type::float32);
}

ir::ValueId product(NodeImport& c, ir::ValueId a, ir::ValueId b, bool transpose_a,
                    bool transpose_b) {
  return c.build().node(op_code::batch_matmul, BatchMatmulAttrs{transpose_a, transpose_b}, {a, b},
                        Type::float32);
}

// alpha * a * b with weights [n, k] known now.
ir::ValueId gemm_dense(NodeImport& c, ir::ValueId a, ir::ValueId weights, ir::ValueId bias) {
  const int32_t outputs = c.shape(weights).dims[0].max;
  if (bias == ir::kNone || !c.is_constant(bias) || !is_bias(c.shape(bias), outputs)) {
    ir::ValueId y = dense(c, a, weights, ir::kNone);
    return bias == ir::kNone ? y : binary(c, op_code::add, y, bias);
  }
  if (c.rank(bias) != 1) bias = reshaped(c, bias, {outputs});
  return dense(c, a, weights, bias);
}

}  // namespace

void import_gemm(NodeImport& c) {
  ir::ValueId a = float_input(c, 0), b = float_input(c, 1), bias = optional_float_input(c, 2);
  const float alpha = c.attr_float("alpha", 1), beta = c.attr_float("beta", 1);
  const bool transpose_a = c.attr_int("transA", 0) != 0, transpose_b = c.attr_int("transB", 0) != 0;
  if (c.failed()) return;
  if (c.rank(a) != 2 || c.rank(b) != 2)
    return c.error("operands of shapes " + ir::shape_text(c.shape(a)) + " and " +
                   ir::shape_text(c.shape(b)) + ", expected matrices");
  if (bias != ir::kNone && beta == 0) bias = ir::kNone;
  if (bias != ir::kNone) bias = scaled(c, bias, beta);
  ir::ValueId y;
  if (c.is_constant(b)) {
    ir::ValueId weights = scaled(c, transpose_b ? b : exchanged(c, b), alpha);
    y = gemm_dense(c, transpose_a ? exchanged(c, a) : a, weights, bias);
  } else {
    y = scaled(c, product(c, a, b, transpose_a, transpose_b), alpha);
    if (bias != ir::kNone) y = binary(c, op_code::add, y, bias);
  }
  if (!c.failed()) define_like(c, 0, y, c.input(0));
}

void import_matmul(NodeImport& c) {
  ir::ValueId a = float_input(c, 0), b = float_input(c, 1);
  if (c.failed()) return;
  const int32_t rank_a = c.rank(a), rank_b = c.rank(b);
  if (rank_a == 0 || rank_b == 0) return c.error("an operand of rank 0");
  ir::ValueId y;
  if (rank_b == 2 && c.is_constant(b)) {
    y = dense(c, a, exchanged(c, b), ir::kNone);
  } else {
    if (rank_a == 1) a = c.insert_ones(a, {0});
    if (rank_b == 1) b = c.insert_ones(b, {1});
    if (c.failed()) return;
    y = product(c, a, b, false, false);
    if (c.failed()) return;
    if (rank_b == 1) y = c.drop_ones(y, {c.rank(y) - 1});
    if (rank_a == 1) y = c.drop_ones(y, {rank_b == 1 ? c.rank(y) - 1 : c.rank(y) - 2});
  }
  if (!c.failed()) define_like(c, 0, y, c.input(0));
}

void import_sum(NodeImport& c) {
  ir::ValueId y = float_input(c, 0);
  for (size_t i = 1; i < c.input_count() && !c.failed(); ++i)
    y = binary(c, op_code::add, y, float_input(c, i));
  if (!c.failed()) define_like(c, 0, y, c.input(0));
}

}  // namespace mote::onnx_import
