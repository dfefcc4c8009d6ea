// Elementwise operators beyond ADD, SUB and MUL.
#include "import/tflite/op_import.h"
#include "ir/tables.h"

namespace mote::tflite_import {
namespace {

bool per_tensor(const ir::Value& v) {
  return v.type == Type::int8 && v.quantization.scales.size() == 1;
}

// Operands 0 and 1 as they are, in the quantization of the output where `moves`.
void import_pair(OpImport& c, uint16_t op, bool moves) {
  ir::ValueId a = c.input(0), b = c.input_like(1, a);
  if (c.failed()) return;
  ir::ValueId y = c.output();
  if (c.failed()) return;
  if (moves && per_tensor(c.value(y))) {
    ir::Value like = c.value(y);
    a = c.requantized(a, like);
    b = c.requantized(b, like);
    if (c.failed()) return;
  }
  c.emit(op, BinaryAttrs{}, {a, b}, y);
}

void import_comparison(OpImport& c, int32_t kind) {
  ir::ValueId a = c.input(0), b = c.input_like(1, a);
  if (c.failed()) return;
  ir::ValueId y = c.output();
  if (!c.failed()) c.emit(op_code::compare, CompareAttrs{kind}, {a, b}, y);
}

void import_logical_kind(OpImport& c, int32_t kind, size_t count) {
  std::vector<ir::ValueId> inputs;
  for (size_t i = 0; i < count; ++i) inputs.push_back(c.input(i));
  if (c.failed()) return;
  ir::ValueId y = c.output();
  if (!c.failed()) c.emit(op_code::logical, LogicalAttrs{kind}, std::move(inputs), y);
}

void import_math(OpImport& c, int32_t kind) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  ir::ValueId y = c.output();
  if (c.failed()) return;
  ir::Value in = c.value(x), out = c.value(y);
  std::vector<ir::ValueId> inputs{x};
  if (per_tensor(in) && per_tensor(out))
    inputs.push_back(
        c.graph().add_constant(out.name + "/table", Type::int8, ir::shape_of({256}),
                               ir::math_table(kind, in.quantization, out.quantization)));
  c.emit(op_code::math, MathAttrs{kind}, std::move(inputs), y);
}

// A new value of the type of `x`.
ir::ValueId fresh(OpImport& c, ir::ValueId x, const char* suffix, Type type) {
  std::string name = c.value(x).name + suffix;
  return c.importer().new_value(name, type, {});
}

ir::ValueId integer(OpImport& c, Type type, int64_t value) {
  if (type == Type::int64)
    return c.graph().add_constant("number", type, ir::shape_of({}), std::vector<int64_t>{value});
  return c.graph().add_constant("number", type, ir::shape_of({}),
                                std::vector<int32_t>{static_cast<int32_t>(value)});
}

}  // namespace

void import_div(OpImport& c) {
  ir::ValueId a = c.input(0), b = c.input_like(1, a);
  if (c.failed()) return;
  ir::ValueId y = c.output();
  BinaryAttrs attrs{};
  if (const auto* options = c.options<tfl::DivOptions>())
    attrs.activation = c.fused_activation(options->activation());
  if (!c.failed()) c.emit(op_code::div, attrs, {a, b}, y);
}

void import_minimum(OpImport& c) { import_pair(c, op_code::minimum, true); }
void import_maximum(OpImport& c) { import_pair(c, op_code::maximum, true); }
void import_pow(OpImport& c) { import_pair(c, op_code::pow, false); }
void import_squared_difference(OpImport& c) { import_pair(c, op_code::squared_difference, false); }
void import_floor_div(OpImport& c) { import_pair(c, op_code::floor_div, false); }

void import_floor_mod(OpImport& c) {
  ir::ValueId a = c.input(0), b = c.input_like(1, a);
  if (c.failed()) return;
  ir::ValueId y = c.output();
  if (!c.failed()) c.emit(op_code::floor_mod, ModuloAttrs{0}, {a, b}, y);
}

void import_prelu(OpImport& c) {
  ir::ValueId x = c.input(0), slope = c.input_like(1, x);
  if (c.failed()) return;
  ir::ValueId y = c.output();
  if (!c.failed()) c.emit(op_code::prelu, {x, slope}, y);
}

void import_equal(OpImport& c) { import_comparison(c, kMoteEqual); }
void import_not_equal(OpImport& c) { import_comparison(c, kMoteNotEqual); }
void import_less(OpImport& c) { import_comparison(c, kMoteLess); }
void import_less_equal(OpImport& c) { import_comparison(c, kMoteLessEqual); }
void import_greater(OpImport& c) { import_comparison(c, kMoteGreater); }
void import_greater_equal(OpImport& c) { import_comparison(c, kMoteGreaterEqual); }

void import_logical_and(OpImport& c) { import_logical_kind(c, kMoteLogicalAnd, 2); }
void import_logical_or(OpImport& c) { import_logical_kind(c, kMoteLogicalOr, 2); }
void import_logical_not(OpImport& c) { import_logical_kind(c, kMoteLogicalNot, 1); }
void import_bitwise_xor(OpImport& c) { import_logical_kind(c, kMoteBitwiseXor, 2); }

// TFLite shifts signed integers with their sign, by 0 to (bits - 1) places: with m = x < 0 ? -1 :
// 0,
// ((x xor m) >> n) xor m, where our shift brings in zeros and gives 0 for a larger n.
void import_right_shift(OpImport& c) {
  ir::ValueId x = c.input(0), n = c.input(1);
  if (c.failed()) return;
  ir::ValueId y = c.output();
  if (c.failed()) return;
  const Type type = c.value(x).type;
  if (type != Type::int32 && type != Type::int64)
    return c.error(std::string("a shift of ") + type_name(type), "shift int32 or int64");
  ir::ValueId is_negative = fresh(c, x, "/negative", Type::boolean);
  ir::ValueId mask = fresh(c, x, "/mask", type), places = fresh(c, n, "/places", type);
  ir::ValueId size = fresh(c, x, "/size", type), shifted = fresh(c, x, "/shifted", type);
  ir::ValueId zero = integer(c, type, 0), ones = integer(c, type, -1);
  c.emit(op_code::compare, CompareAttrs{kMoteLess}, {x, zero}, is_negative) &&
      c.emit(op_code::select, {is_negative, ones, zero}, mask) &&
      c.emit(op_code::maximum, BinaryAttrs{}, {n, zero}, places) &&
      c.emit(op_code::logical, LogicalAttrs{kMoteBitwiseXor}, {x, mask}, size) &&
      c.emit(op_code::logical, LogicalAttrs{kMoteShiftRight}, {size, places}, shifted) &&
      c.emit(op_code::logical, LogicalAttrs{kMoteBitwiseXor}, {shifted, mask}, y);
}

// SELECT of a condition of one dimension chooses whole rows: it meets the first dimension, not the
// last.
void import_select(OpImport& c) {
  ir::ValueId condition = c.input(0), a = c.input(1), b = c.input_like(2, a);
  if (c.failed()) return;
  ir::ValueId y = c.output();
  if (c.failed()) return;
  if (int32_t rank = c.value(a).shape.rank; c.value(condition).shape.rank == 1 && rank > 1) {
    std::vector<int32_t> dims(static_cast<size_t>(rank), 1);
    dims[0] = 0;
    condition = c.reshaped(condition, dims, "/rows");
    if (condition == ir::kNone) return;
  }
  ir::Value like = c.value(y);
  if (per_tensor(like)) {
    a = c.requantized(a, like);
    b = c.requantized(b, like);
  }
  if (!c.failed()) c.emit(op_code::select, {condition, a, b}, y);
}

void import_select_v2(OpImport& c) {
  ir::ValueId condition = c.input(0), a = c.input(1), b = c.input_like(2, a);
  if (c.failed()) return;
  ir::ValueId y = c.output();
  if (c.failed()) return;
  ir::Value like = c.value(y);
  if (per_tensor(like)) {
    a = c.requantized(a, like);
    b = c.requantized(b, like);
  }
  if (!c.failed()) c.emit(op_code::select, {condition, a, b}, y);
}

void import_add_n(OpImport& c) {
  ir::ValueId sum = c.input(0);
  if (c.failed()) return;
  size_t count = c.input_count();
  if (count < 2) return c.error("ADD_N of fewer than two operands");
  for (size_t i = 1; i < count; ++i) {
    ir::ValueId x = c.input(i);
    if (c.failed()) return;
    ir::ValueId y = ir::kNone;
    if (i + 1 == count) {
      y = c.output();
    } else {
      ir::Value like = c.value(sum);
      y = c.importer().new_value(like.name + "/sum", like.type, like.quantization);
    }
    if (c.failed() || !c.emit(op_code::add, BinaryAttrs{}, {sum, x}, y)) return;
    sum = y;
  }
}

void import_abs(OpImport& c) { import_math(c, kMoteAbs); }
void import_neg(OpImport& c) { import_math(c, kMoteNeg); }
void import_sign(OpImport& c) { import_math(c, kMoteSign); }
void import_exp(OpImport& c) { import_math(c, kMoteExp); }
void import_log(OpImport& c) { import_math(c, kMoteLog); }
void import_sqrt(OpImport& c) { import_math(c, kMoteSqrt); }
void import_rsqrt(OpImport& c) { import_math(c, kMoteRsqrt); }
void import_square(OpImport& c) { import_math(c, kMoteSquare); }
void import_sin(OpImport& c) { import_math(c, kMoteSin); }
void import_cos(OpImport& c) { import_math(c, kMoteCos); }
void import_floor(OpImport& c) { import_math(c, kMoteFloor); }
void import_ceil(OpImport& c) { import_math(c, kMoteCeil); }
void import_round(OpImport& c) { import_math(c, kMoteRound); }

}  // namespace mote::tflite_import
