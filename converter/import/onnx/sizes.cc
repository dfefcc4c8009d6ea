#include "import/onnx/sizes.h"

#include "import/onnx/graph_importer.h"

namespace mote::onnx_import {

std::optional<std::vector<Element>> size_elements(NodeImport& c, size_t i) {
  if (c.is_empty(i)) return std::vector<Element>();
  ir::ValueId v = c.input(i);
  const auto* elements = v == ir::kNone ? nullptr : c.importer().shape_values().elements(v);
  if (elements == nullptr) return std::nullopt;
  return *elements;
}

ir::ValueId line_of(NodeImport& c, int32_t symbol) {
  const ShapeValues::Place place = c.importer().shape_values().place(symbol);
  const ir::ValueId x = place.value;
  const Type type = c.type(x);
  StridedSliceAttrs first{};
  first.count = c.rank(x);
  for (int i = 0; i < first.count; ++i) {
    first.strides[i] = 1;
    first.end[i] = i == place.dimension ? INT32_MAX : 1;
  }
  ir::ValueId line = c.build().node(op_code::strided_slice, first, {x}, type);
  ReshapeAttrs flat{};
  flat.count = 1;
  flat.shape[0] = -1;
  line = c.build().node(op_code::reshape, flat, {line}, type);
  return type == Type::float32 ? line : c.build().node(op_code::cast, {line}, Type::float32);
}

ir::ValueId counting(NodeImport& c, int32_t symbol, Type type) {
  ir::ValueId line = line_of(c, symbol);
  ir::ValueId one =
      c.build().constant(c.where() + "/one", Type::int32, {1}, std::vector<int32_t>{1});
  ir::ValueId ones = c.build().node(op_code::broadcast_to, {one, line}, Type::int32);
  CumSumAttrs before{};
  before.exclusive = 1;
  ir::ValueId count = c.build().node(op_code::cum_sum, before, {ones}, Type::int32);
  return type == Type::int32 ? count : c.build().node(op_code::cast, {count}, type);
}

}  // namespace mote::onnx_import
