// Operators that compute a result with a scale of its own.
#include "passes/qdq/operators.h"

#include <cmath>

#include "ir/stored_scales.h"
#include "ir/tables.h"
#include "ops/attributes.h"
#include "quantize/scales.h"

namespace mote::qdq {
namespace {

Site site_of(const Fusion& f, const ir::Node& node) {
  return {f.source, node, f.constants, /*trainable=*/false};
}

// Stored in int8 exactly: by the model, or as a single value.
bool is_int8_operand(const Fusion& f, ir::ValueId v) {
  if (!f.constants.contains(v)) return f.rewriter.has_int8(v);
  return f.constants.is_finite(v) && (has_note(f, v) || f.constants.floats(v).size == 1);
}

bool has_int8_operands(const Fusion& f, const ir::Node& node) {
  bool any = false;
  for (ir::ValueId v : node.inputs) {
    if (v == ir::kNone || !is_int8_operand(f, v)) return false;
    any = any || !f.constants.contains(v);
  }
  return any;
}

// By the quantizer's row of the operator.
bool by_row(const Fusion& f, const ir::Node& node) {
  const QuantizeRow* row = find_quantize_row(node.op);
  const Site site = site_of(f, node);
  if (row == nullptr || row->rewrite == nullptr || !row->refuse(site).empty()) return false;
  if (row->misfit != nullptr && !row->misfit(site, f.groups).empty()) return false;
  row->rewrite(site, f.rewriter);
  return f.rewriter.is_accepted(node);
}

bool by_operands(const Fusion& f, const ir::Node& node) {
  std::vector<ir::ValueId> inputs;
  for (ir::ValueId v : node.inputs) inputs.push_back(f.rewriter.int8(v));
  f.rewriter.add_int8(node, std::move(inputs));
  return f.rewriter.is_accepted(node);
}

// x / c as a product with 1 / c.
bool by_inverse(const Fusion& f, const ir::Node& node) {
  ir::ValueId x = node.inputs[0], c = node.inputs[1];
  if (!f.rewriter.has_int8(x) || !f.constants.contains(c) || f.constants.floats(c).size != 1)
    return false;
  const float inverse = 1.0f / f.constants.floats(c).data[0];
  if (!(std::fabs(inverse) >= kMinActivationScale && std::fabs(inverse) <= kMaxActivationScale))
    return false;
  ir::Node product = node;
  product.op = op_code::mul;
  ir::ValueId factor = f.graph.add_constant(
      f.source.value(node.outputs[0]).name + "/factor", Type::int8, f.source.value(c).shape,
      std::vector<int8_t>{static_cast<int8_t>(inverse < 0 ? -1 : 1)},
      {{std::fabs(inverse)}, {0}, -1});
  f.rewriter.add_int8(product, {f.rewriter.int8(x), factor});
  return f.rewriter.is_accepted(node);
}

bool by_math_table(const Fusion& f, const ir::Node& node) {
  ir::ValueId x = f.rewriter.int8(node.inputs[0]);
  std::vector<int8_t> table =
      ir::math_table(node.attrs<MathAttrs>().kind, f.rewriter.quantization(node.inputs[0]),
                     f.rewriter.quantization(node.outputs[0]));
  ir::ValueId t =
      f.rewriter.constant(f.source.value(node.outputs[0]).name + "/table", Type::int8, table);
  f.rewriter.add_int8(node, {x, t});
  return f.rewriter.is_accepted(node);
}

bool by_transposed_convolution(const Fusion& f, const ir::Node& node) {
  ir::ValueId x = f.rewriter.int8(node.inputs[0]);
  StoredWeights w = store_weights(site_of(f, node), f.rewriter, channel_axis(node));
  f.rewriter.add_int8(node, {x, w.weights, w.bias});
  return f.rewriter.is_accepted(node);
}

}  // namespace

bool add_int8(const Fusion& f, const ir::Node& node, const ir::Quantization& q,
              std::vector<ir::ValueId> inputs) {
  f.groups.give(node.outputs[0], q);
  f.rewriter.add_int8(node, std::move(inputs));
  return f.rewriter.is_accepted(node);
}

bool has_note(const Fusion& f, ir::ValueId v) {
  const ir::Value& value = f.source.value(v);
  return value.quantization.scales.size() == 1 && ir::stored_integers(value).has_value();
}

// One that does nothing beyond what int8 saturates anyway disappears.
bool clamp_elements(const Fusion& f, const ir::Node& node) {
  if (!is_clamp(node) || !f.rewriter.has_int8(node.inputs[0])) return false;
  ir::ValueId x = node.inputs[0], y = node.outputs[0];
  const auto& target = f.targets.of(y);
  const ir::Quantization& q = f.rewriter.quantization(x);
  if (!target || *target != q) return false;
  std::vector<int8_t> table = ir::activation_table(node.attrs<ActivationAttrs>(), q, q);
  for (int i = 0; i < 256; ++i)
    if (table[static_cast<size_t>(i)] != i - 128) return false;
  f.groups.give(y, q);
  f.rewriter.set_int8(y, f.rewriter.int8(x));
  return true;
}

bool compute(const Fusion& f, const ir::Node& node) {
  if (node.outputs.size() != 1 || !f.targets.of(node.outputs[0])) return false;
  if (node.inputs.empty() || f.source.value(node.outputs[0]).type != Type::float32) return false;
  f.groups.give(node.outputs[0], *f.targets.of(node.outputs[0]));
  switch (node.op) {
    case op_code::conv2d:
    case op_code::depthwise_conv2d:
    case op_code::fully_connected:
      return weights_fit(f, node) && by_row(f, node);
    case op_code::transpose_conv2d:
      return weights_fit(f, node) && by_transposed_convolution(f, node);
    case op_code::add:
    case op_code::sub:
    case op_code::mul:
    case op_code::activation:
    case op_code::softmax:
    case op_code::reduce:
      return has_int8_operands(f, node) && by_row(f, node);
    case op_code::batch_matmul:
    case op_code::prelu:
    case op_code::squared_difference:
      return has_int8_operands(f, node) && by_operands(f, node);
    case op_code::div:
      return by_inverse(f, node);
    case op_code::math:
      return has_int8_operands(f, node) && by_math_table(f, node);
    default:
      return false;
  }
}

bool compare_elements(const Fusion& f, const ir::Node& node) {
  if (node.op != op_code::arg_max && node.op != op_code::arg_min) return false;
  if (!f.rewriter.has_int8(node.inputs[0])) return false;
  f.rewriter.add(node, {f.rewriter.int8(node.inputs[0])});
  return true;
}

}  // namespace mote::qdq
