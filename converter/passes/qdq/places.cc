#include "passes/qdq/places.h"

#include <algorithm>

#include "ops/attributes.h"

namespace mote::qdq {
namespace {

bool is_byte_cast(const ir::Graph& graph, const ir::Node& node) {
  if (node.op != op_code::cast) return false;
  Type from = graph.value(node.inputs[0]).type, to = graph.value(node.outputs[0]).type;
  return from == to && (from == Type::int8 || from == Type::uint8);
}

bool has_scale(const ir::Graph& graph, ir::ValueId v) {
  return graph.value(v).quantization.scales.size() == 1;
}

std::vector<size_t> all_operands(const ir::Node& node) {
  std::vector<size_t> all(node.inputs.size());
  for (size_t i = 0; i < all.size(); ++i) all[i] = i;
  return all;
}

}  // namespace

bool drops_quantization(const ir::Graph& graph, const ir::Node& node) {
  return is_byte_cast(graph, node) && has_scale(graph, node.inputs[0]) &&
         !graph.value(node.outputs[0]).quantization.quantized();
}

bool gives_quantization(const ir::Graph& graph, const ir::Node& node) {
  return is_byte_cast(graph, node) && has_scale(graph, node.outputs[0]) &&
         !graph.value(node.inputs[0]).quantization.quantized();
}

ir::Quantization as_int8(const ir::Value& value) {
  ir::Quantization q = value.quantization;
  for (int32_t& z : q.zero_points) z -= value.type == Type::uint8 ? 128 : 0;
  return q;
}

std::vector<size_t> moved_operands(const ir::Node& node) {
  switch (node.op) {
    case op_code::reshape:
    case op_code::transpose:
    case op_code::strided_slice:
    case op_code::dynamic_slice:
    case op_code::broadcast_to:
    case op_code::gather:
    case op_code::gather_nd:
    case op_code::gather_elements:
    case op_code::pad:
    case op_code::tile:
    case op_code::reverse:
    case op_code::reverse_sequence:
    case op_code::resize_nearest:
    case op_code::max_pool2d:
      return {0};
    case op_code::concat:
    case op_code::minimum:
    case op_code::maximum:
      return all_operands(node);
    case op_code::select:
      return {1, 2};
    case op_code::reduce: {
      const int32_t kind = node.attrs<ReduceAttrs>().kind;
      if (kind == kMoteReduceMax || kind == kMoteReduceMin) return {0};
      return {};
    }
    default:
      return {};
  }
}

bool is_clamp(const ir::Node& node) {
  if (node.op != op_code::activation) return false;
  switch (node.attrs<ActivationAttrs>().kind) {
    case kMoteRelu:
    case kMoteRelu6:
    case kMoteReluN1To1:
    case kMoteRelu0To1:
    case kMoteClip:
      return true;
    default:
      return false;
  }
}

Targets::Targets(const ir::Graph& graph)
    : targets_(graph.values.size()),
      bytes_(graph.values.size()),
      is_read_(graph.values.size(), false),
      is_read_as_stored_(graph.values.size(), false) {
  for (const ir::Port& port : graph.outputs) {
    add(port.value, std::nullopt, std::nullopt);
    is_read_as_stored_[static_cast<size_t>(port.value)] = true;
  }
  for (size_t n = graph.nodes.size(); n-- > 0;) {
    const ir::Node& node = graph.nodes[n];
    const std::vector<size_t> moved = moved_operands(node);
    const bool drops = drops_quantization(graph, node), clamps = is_clamp(node);
    const bool quantizes = is_quantize(graph, node);
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      ir::ValueId v = node.inputs[i];
      if (v == ir::kNone) continue;
      if (!drops) is_read_as_stored_[static_cast<size_t>(v)] = true;
      std::optional<ir::Quantization> q;
      if (clamps || std::find(moved.begin(), moved.end(), i) != moved.end())
        q = of(node.outputs[0]);
      else if (quantizes)
        q = as_int8(graph.value(node.outputs[0]));
      add(v, q, bytes_behind(graph, node));
    }
  }
}

// What the node makes of its only moved operand.
std::optional<Type> Targets::bytes_behind(const ir::Graph& graph, const ir::Node& node) const {
  if (node.outputs.size() != 1) return std::nullopt;
  ir::ValueId y = node.outputs[0];
  const Type type = graph.value(y).type;
  if (node.op == op_code::cast && (type == Type::int8 || type == Type::uint8)) return type;
  const bool moves = moved_operands(node) == std::vector<size_t>{0} && node.op != op_code::pad;
  return moves && node.inputs.size() == 1 ? returns_as(y) : std::nullopt;
}

void Targets::add(ir::ValueId v, const std::optional<ir::Quantization>& q,
                  std::optional<Type> bytes) {
  const auto i = static_cast<size_t>(v);
  if (!is_read_[i]) {
    targets_[i] = q;
    bytes_[i] = bytes;
  }
  if (targets_[i] != q) targets_[i].reset();
  if (bytes_[i] != bytes) bytes_[i].reset();
  is_read_[i] = true;
}

bool Targets::is_quantize(const ir::Graph& graph, const ir::Node& node) const {
  if (node.op != op_code::quantize) return false;
  const ir::Value& y = graph.value(node.outputs[0]);
  return (y.type == Type::int8 || y.type == Type::uint8) && y.quantization.scales.size() == 1 &&
         !is_read_as_stored_[static_cast<size_t>(node.outputs[0])];
}

}  // namespace mote::qdq
