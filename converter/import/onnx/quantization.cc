#include "import/onnx/quantization.h"

#include <algorithm>
#include <cfloat>

#include "import/onnx/graph_importer.h"
#include "ir/op_view.h"

namespace mote::onnx_import {
namespace {

// Within what every product and quotient of two of them is a scale too (NUMERICS.md, 1.4). Of
// weights that are next to nothing the pass makes a scale itself.
constexpr float kLeastScale = 0x1p-40f, kLargestScale = 0x1p40f;

// One operator without attributes whose result has a quantization.
ir::ValueId convert(NodeImport& c, uint16_t op, ir::ValueId x, Type type,
                    const ir::Quantization& q) {
  ir::Graph& graph = c.importer().graph();
  ir::Value v;
  v.name = c.build().unique_name(c.where() + "/stored");
  v.type = type;
  v.quantization = q;
  ir::Node node;
  node.op = op;
  node.inputs = {x};
  node.outputs = {graph.add_value(std::move(v))};
  node.location = c.where();
  if (Status s = ir::infer_node(graph, node); !s.ok()) {
    c.error(ir::describe_status(s));
    return ir::kNone;
  }
  graph.nodes.push_back(node);
  return node.outputs[0];
}

std::vector<int32_t> zero_points_of(const ir::Value& v, Type type) {
  const size_t count = v.data->size();
  if (type == Type::int8) return {v.as<int8_t>(), v.as<int8_t>() + count};
  return {v.as<uint8_t>(), v.as<uint8_t>() + count};
}

}  // namespace

std::optional<ir::Quantization> known_quantization(NodeImport& c, ir::ValueId scale,
                                                   ir::ValueId zero_point, Type type,
                                                   int32_t axis) {
  if (type != Type::int8 && type != Type::uint8) return std::nullopt;
  if (scale == ir::kNone || !c.is_constant(scale) || c.type(scale) != Type::float32 ||
      c.rank(scale) > 1)
    return std::nullopt;
  const ir::Value& s = c.value(scale);
  ir::Quantization q;
  q.scales.assign(s.as<float>(), s.as<float>() + s.data->size() / sizeof(float));
  q.zero_points.assign(q.scales.size(), 0);
  if (zero_point != ir::kNone) {
    if (!c.is_constant(zero_point) || c.type(zero_point) != type) return std::nullopt;
    q.zero_points = zero_points_of(c.value(zero_point), type);
  }
  const float least = q.scales.size() == 1 ? kLeastScale : FLT_MIN;
  auto fits = [&](float v) { return v >= least && v <= kLargestScale; };
  if (q.zero_points.size() != q.scales.size() ||
      !std::all_of(q.scales.begin(), q.scales.end(), fits))
    return std::nullopt;
  if (q.scales.size() > 1) q.axis = axis;
  return q;
}

ir::ValueId quantized(NodeImport& c, ir::ValueId x, Type type, const ir::Quantization& q) {
  ir::ValueId y = convert(c, op_code::quantize, x, type, q);
  return y == ir::kNone ? y : c.build().node(op_code::cast, {y}, type);
}

ir::ValueId dequantized(NodeImport& c, ir::ValueId x, const ir::Quantization& q) {
  x = convert(c, op_code::cast, x, c.type(x), q);
  return x == ir::kNone ? x : c.build().node(op_code::dequantize, {x}, Type::float32);
}

void note_stored_scales(NodeImport& c, ir::ValueId y, Type stored, ir::Quantization q) {
  ir::Value& v = c.importer().graph().value(y);
  if (v.kind != TensorKind::constant || v.type != Type::float32) return;
  for (int32_t& z : q.zero_points) z -= stored == Type::uint8 ? 128 : 0;
  auto is_zero = [](int32_t z) { return z == 0; };
  if (q.scales.size() > 1 && !std::all_of(q.zero_points.begin(), q.zero_points.end(), is_zero))
    return;
  v.quantization = std::move(q);
}

}  // namespace mote::onnx_import
