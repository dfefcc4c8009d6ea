// Operators of two and of any number of operands.
#include "import/onnx/elementwise.h"
#include "import/onnx/float_steps.h"

namespace mote::onnx_import {
namespace {

void import_binary(NodeImport& c, uint16_t op) {
  Operands o = operands(c, 2);
  if (c.failed()) return;
  if (o.type == Type::boolean) return c.error("arithmetic of booleans");
  define_result(c, o, binary(c, op, o.values[0], aligned(c, o.values[0], o.values[1])));
}

// All operands, one after the other.
ir::ValueId folded(NodeImport& c, uint16_t op, const Operands& o) {
  ir::ValueId y = o.values[0];
  for (size_t i = 1; i < o.values.size(); ++i) y = binary(c, op, y, o.values[i]);
  return y;
}

void import_variadic(NodeImport& c, uint16_t op) {
  Operands o = operands(c, c.input_count());
  if (o.values.empty()) return c.failed() ? void() : c.error("there are no inputs");
  if (o.type == Type::boolean) return c.error("arithmetic of booleans");
  define_result(c, o, folded(c, op, o));
}

// b's elements cannot enlarge the shape of a.
bool is_scalar_for(NodeImport& c, ir::ValueId b, ir::ValueId a) { return c.rank(b) <= c.rank(a); }

ir::ValueId power(NodeImport& c, ir::ValueId a, ir::ValueId b) {
  std::optional<float> exponent = constant_scalar(c, b);
  if (exponent && is_scalar_for(c, b, a)) {
    if (*exponent == 1) return a;
    if (*exponent == 2) return math(c, kMoteSquare, a);
    if (*exponent == 0.5f) return math(c, kMoteSqrt, a);
    if (*exponent == -1) return math(c, kMoteReciprocal, a);
  }
  return binary(c, op_code::pow, a, b);
}

}  // namespace

void import_add(NodeImport& c) { import_binary(c, op_code::add); }
void import_sub(NodeImport& c) { import_binary(c, op_code::sub); }
void import_mul(NodeImport& c) { import_binary(c, op_code::mul); }
void import_div(NodeImport& c) { import_binary(c, op_code::div); }
void import_min(NodeImport& c) { import_variadic(c, op_code::minimum); }
void import_max(NodeImport& c) { import_variadic(c, op_code::maximum); }

void import_mean(NodeImport& c) {
  Operands o = float_operands(c, c.input_count());
  if (o.values.empty()) return c.failed() ? void() : c.error("there are no inputs");
  ir::ValueId sum = folded(c, op_code::add, o);
  auto count = static_cast<float>(o.values.size());
  define_result(c, o, count == 1 ? sum : binary(c, op_code::div, sum, count));
}

// The exponent may have a type of its own; the result has that of the base.
void import_pow(NodeImport& c) {
  ir::ValueId a = c.input(0), b = c.input(1);
  if (c.failed()) return;
  Type type = c.type(a), exponent = computed_type(c.type(b));
  Type computed = exponent == Type::float32 ? exponent : computed_type(type);
  if (type == Type::boolean || exponent == Type::boolean) return c.error("arithmetic of booleans");
  a = as_type(c, a, computed);
  b = as_type(c, aligned(c, a, b), computed);
  c.define(0, as_type(c, power(c, a, b), type));
}

void import_mod(NodeImport& c) {
  Operands o = operands(c, 2);
  if (c.failed()) return;
  int64_t truncate = c.attr_int("fmod", 0);
  if (o.type == Type::boolean || truncate < 0 || truncate > 1)
    return c.error("fmod must be 0 or 1, the operands numbers");
  if (truncate == 0 && o.computed == Type::float32)
    return c.error("fmod is 0 for floats", "set fmod to 1");
  ModuloAttrs attrs{static_cast<int32_t>(truncate)};
  define_result(c, o, c.build().node(op_code::floor_mod, attrs, o.values, o.computed));
}

void import_prelu(NodeImport& c) {
  Operands o = float_operands(c, 2);
  if (c.failed()) return;
  ir::ValueId x = o.values[0], slope = o.values[1];
  // Before opset 7 a slope of one dimension belongs to the channels, the second dimension.
  if (c.opset() < 7 && c.rank(slope) == 1 && c.rank(x) > 2) {
    std::vector<int32_t> dims(static_cast<size_t>(c.rank(x) - 1), 1);
    dims[0] = 0;
    slope = reshaped(c, slope, dims);
  }
  define_result(c, o, c.build().node(op_code::prelu, {x, slope}));
}

}  // namespace mote::onnx_import
