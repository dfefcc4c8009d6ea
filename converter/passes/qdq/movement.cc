// Operators that move or choose elements: one scale before and after.
#include <algorithm>

#include "ir/op_view.h"
#include "ops/attributes.h"
#include "passes/qdq/operators.h"

namespace mote::qdq {
namespace {

bool fills_with_zero(const ir::Node& node) {
  if (node.op != op_code::pad) return true;
  auto a = node.attrs<PadAttrs>();
  return a.mode != kMotePadConstant || a.value == 0;
}

// A padding of integers says which integer; with a scale it is a real value.
ir::Node with_real_fill(const ir::Node& node, Type type, const ir::Quantization& q) {
  ir::Node pad = node;
  if (node.op != op_code::pad || type == Type::float32) return pad;
  auto a = node.attrs<PadAttrs>();
  const int32_t zero = q.zero_points[0] + (type == Type::uint8 ? 128 : 0);
  if (a.mode == kMotePadConstant) a.value = (a.value - static_cast<float>(zero)) * q.scales[0];
  pad.set_attrs(a);
  return pad;
}

// The one scale of the moved operands and the result; nothing where elements would be rounded that
// the model does not round.
std::optional<ir::Quantization> common_quantization(const Fusion& f, const ir::Node& node,
                                                    const std::vector<size_t>& moved) {
  const bool is_real = f.source.value(node.outputs[0]).type == Type::float32;
  const std::optional<ir::Quantization>& target = f.targets.of(node.outputs[0]);
  std::optional<ir::Quantization> common;
  bool agree = true;
  for (size_t i : moved) {
    ir::ValueId v = node.inputs[i];
    const bool is_constant = f.constants.contains(v);
    if (is_constant ? !is_real : !f.rewriter.has_int8(v)) return std::nullopt;
    if (is_constant && !has_note(f, v)) {
      agree = false;
      continue;
    }
    const ir::Quantization& q =
        is_constant ? f.source.value(v).quantization : f.rewriter.quantization(v);
    agree = agree && (!common || *common == q);
    common = q;
  }
  if (!agree || !common) common = target;
  return !is_real || fills_with_zero(node) || common == target ? common : std::nullopt;
}

}  // namespace

bool move_elements(const Fusion& f, const ir::Node& node) {
  const std::vector<size_t> moved = moved_operands(node);
  if (moved.empty() || node.outputs.size() != 1) return false;
  auto q = common_quantization(f, node, moved);
  if (!q) return false;
  const Operator* op = ir::find_operator(node.op);
  std::vector<ir::ValueId> inputs = node.inputs;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i] == ir::kNone) continue;
    if (std::find(moved.begin(), moved.end(), i) != moved.end())
      inputs[i] = f.rewriter.rounded_int8(inputs[i], *q);
    else
      inputs[i] = i < 8 && (op->shape_inputs >> i & 1) != 0 ? f.rewriter.any(inputs[i])
                                                            : f.rewriter.real(inputs[i]);
  }
  const Type type = f.source.value(node.outputs[0]).type;
  return add_int8(f, with_real_fill(node, type, *q), *q, std::move(inputs));
}

}  // namespace mote::qdq
