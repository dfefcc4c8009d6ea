// Comparisons, booleans, bits, Where.
#include "import/onnx/elementwise.h"
#include "import/onnx/float_steps.h"

namespace mote::onnx_import {
namespace {

ir::ValueId compared(NodeImport& c, int32_t kind, ir::ValueId a, ir::ValueId b) {
  return c.build().node(op_code::compare, CompareAttrs{kind}, {a, b}, Type::boolean);
}

void import_comparison(NodeImport& c, int32_t kind) {
  Operands o = operands(c, 2);
  if (c.failed()) return;
  if (o.type == Type::boolean && kind != kMoteEqual)
    return c.error("booleans are neither less nor greater");
  c.define(0, compared(c, kind, o.values[0], aligned(c, o.values[0], o.values[1])));
}

ir::ValueId logical(NodeImport& c, int32_t kind, std::vector<ir::ValueId> values, Type type) {
  return c.build().node(op_code::logical, LogicalAttrs{kind}, std::move(values), type);
}

// `count` booleans, or for the bitwise kinds integers.
void import_logical(NodeImport& c, int32_t kind, size_t count) {
  Operands o = operands(c, count);
  if (c.failed()) return;
  bool fits = kind <= kMoteLogicalNot ? o.type == Type::boolean
                                      : o.type != Type::boolean && o.computed != Type::float32;
  if (!fits) return c.error(std::string("operands of type ") + type_name(o.type));
  if (count == 2) o.values[1] = aligned(c, o.values[0], o.values[1]);
  define_result(c, o, logical(c, kind, o.values, o.computed));
}

}  // namespace

void import_equal(NodeImport& c) { import_comparison(c, kMoteEqual); }
void import_less(NodeImport& c) { import_comparison(c, kMoteLess); }
void import_less_or_equal(NodeImport& c) { import_comparison(c, kMoteLessEqual); }
void import_greater(NodeImport& c) { import_comparison(c, kMoteGreater); }
void import_greater_or_equal(NodeImport& c) { import_comparison(c, kMoteGreaterEqual); }

void import_and(NodeImport& c) { import_logical(c, kMoteLogicalAnd, 2); }
void import_or(NodeImport& c) { import_logical(c, kMoteLogicalOr, 2); }
void import_xor(NodeImport& c) { import_logical(c, kMoteLogicalXor, 2); }
void import_not(NodeImport& c) { import_logical(c, kMoteLogicalNot, 1); }
void import_bitwise_and(NodeImport& c) { import_logical(c, kMoteBitwiseAnd, 2); }
void import_bitwise_or(NodeImport& c) { import_logical(c, kMoteBitwiseOr, 2); }
void import_bitwise_xor(NodeImport& c) { import_logical(c, kMoteBitwiseXor, 2); }
void import_bitwise_not(NodeImport& c) { import_logical(c, kMoteBitwiseNot, 1); }

// Of the unsigned types: uint8 is widened with zeros, so that zeros come in here too.
void import_bit_shift(NodeImport& c) {
  std::string direction = c.attr_string("direction", "");
  if (direction != "LEFT" && direction != "RIGHT")
    return c.error("direction '" + direction + "'", "LEFT or RIGHT");
  import_logical(c, direction == "LEFT" ? kMoteShiftLeft : kMoteShiftRight, 2);
}

void import_where(NodeImport& c) {
  ir::ValueId condition = c.input(0), a = c.input(1), b = c.input(2);
  if (c.failed()) return;
  c.define(0, selected(c, condition, a, b));
}

void import_is_nan(NodeImport& c) {
  Operands o = float_operands(c, 1);
  if (c.failed()) return;
  c.emit(op_code::math, MathAttrs{kMoteIsNan}, o.values, Type::boolean);
}

void import_is_inf(NodeImport& c) {
  Operands o = float_operands(c, 1);
  if (c.failed()) return;
  bool negative = c.attr_int("detect_negative", 1) != 0;
  bool positive = c.attr_int("detect_positive", 1) != 0;
  if (negative && positive)
    return c.emit(op_code::math, MathAttrs{kMoteIsInf}, o.values, Type::boolean);
  const float infinity = __builtin_huge_valf();
  ir::ValueId x = o.values[0];
  if (negative || positive)
    return c.define(0, compared(c, kMoteEqual, x, scalar(c, positive ? infinity : -infinity)));
  // Nothing is detected: nothing is greater than infinity.
  c.define(0, compared(c, kMoteGreater, x, scalar(c, infinity)));
}

}  // namespace mote::onnx_import
