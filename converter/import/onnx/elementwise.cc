#include "import/onnx/elementwise.h"

#include "import/onnx/float_steps.h"

namespace mote::onnx_import {

Type computed_type(Type type) {
  switch (type) {
    case Type::float32:
    case Type::float16:
    case Type::bfloat16:
      return Type::float32;
    case Type::int64:
    case Type::boolean:
      return type;
    default:
      return Type::int32;
  }
}

Operands operands(NodeImport& c, size_t count) {
  Operands o;
  for (size_t i = 0; i < count; ++i) {
    ir::ValueId v = c.input(i);
    if (v == ir::kNone) return {};
    if (i == 0) o.type = c.type(v);
    if (c.type(v) != o.type) {
      c.error("input " + std::to_string(i) + " is " + type_name(c.type(v)) + ", input 0 " +
                  type_name(o.type),
              "insert a Cast");
      return {};
    }
    o.computed = computed_type(o.type);
    o.values.push_back(as_type(c, v, o.computed));
  }
  return o;
}

Operands float_operands(NodeImport& c, size_t count) {
  Operands o = operands(c, count);
  if (o.values.empty() || o.computed == Type::float32) return o;
  c.error(std::string("operands of type ") + type_name(o.type), "floats are expected");
  return {};
}

void define_result(NodeImport& c, const Operands& o, ir::ValueId result) {
  c.define(0, as_type(c, result, o.type));
}

ir::ValueId aligned(NodeImport& c, ir::ValueId a, ir::ValueId b) {
  if (c.opset() >= 7 || !c.has_attr("axis")) return b;
  int32_t axis = c.axis(c.attr_int("axis", 0), c.rank(a));
  int32_t behind = c.rank(a) - axis - c.rank(b);
  if (axis < 0 || behind <= 0) return b;
  std::vector<int32_t> dims;
  for (int32_t i = 0; i < c.rank(b); ++i) dims.push_back(0);
  for (int32_t i = 0; i < behind; ++i) dims.push_back(1);
  return reshaped(c, b, dims);
}

std::optional<float> constant_scalar(NodeImport& c, ir::ValueId v) {
  if (v == ir::kNone || !c.is_constant(v) || c.type(v) != Type::float32) return std::nullopt;
  if (c.shape(v).max().elements() != 1) return std::nullopt;
  return *c.value(v).as<float>();
}

ir::ValueId number(NodeImport& c, Type type, double value) {
  ir::ValueId v = scalar(c, static_cast<float>(value));
  return as_type(c, v, type);
}

ir::ValueId activated(NodeImport& c, int32_t kind, ir::ValueId x, float alpha, float beta) {
  return c.build().node(op_code::activation, ActivationAttrs{kind, alpha, beta}, {x});
}

}  // namespace mote::onnx_import
