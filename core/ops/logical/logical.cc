// Logical operators on booleans and bitwise ones on integers, with broadcasting
// (NUMERICS.md, 18.3).
#include "ops/binary.h"
#include "ops/logical/attributes.h"

namespace mote {
namespace {

using namespace binary;

Status read_kind(const void* table, void* attrs) {
  static_cast<LogicalAttrs*>(attrs)->kind = static_cast<const file::Logical*>(table)->kind();
  return {};
}

bool is_unary(int32_t kind) { return kind == kMoteLogicalNot || kind == kMoteBitwiseNot; }

Status check(const OpView& v) {
  int32_t kind = v.attributes<LogicalAttrs>().kind;
  MOTE_TRY(check_attribute("kind", kind, kMoteLogicalAnd, kMoteShiftRight));
  if (is_unary(kind) == v.has(1))
    return error(Code::input_count, is_unary(kind) ? 1 : 2, v.has(1) ? 2 : 1);
  Type type = v.in(0).type;
  bool fits =
      kind <= kMoteLogicalNot ? type == Type::boolean : type == Type::int32 || type == Type::int64;
  if (!fits) return error(Code::operand_type, 0, 0);
  if (v.has(1)) MOTE_TRY(check_same_type(v, 0, 1));
  MOTE_TRY(check_output_type(v, type));
  return v.in(0).quantization.quantized() || v.out().quantization.quantized()
             ? error(Code::quantization_unexpected, 0, 0)
             : Status{};
}

Status shape_of_result(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  if (v.has(1)) return shape(v, in, out);
  out[0] = in[0];
  return {};
}

template <class T, class F>
void each(const KernelCall& call, uint32_t tile, F f) {
  for_rows<T>(call, tile, [=](auto... row) { apply_row<T>(row..., f); });
}

template <class T, class F>
void each_unary(const KernelCall& call, uint32_t tile, F f) {
  const T* x = call.in(0).as<T>();
  T* y = call.out().as<T>();
  Range r = elementwise_range(call, tile);
  MOTE_INDEPENDENT
  for (int64_t i = r.begin; i < r.end; ++i) y[i] = f(x[i]);
}

void logical_booleans(const KernelCall& call, uint32_t tile, uint32_t) {
  using T = uint8_t;
  switch (call.attributes<LogicalAttrs>().kind) {
    case kMoteLogicalAnd:
      return each<T>(call, tile, [](T a, T b) { return T(a != 0 && b != 0); });
    case kMoteLogicalOr:
      return each<T>(call, tile, [](T a, T b) { return T((a | b) != 0); });
    case kMoteLogicalXor:
      return each<T>(call, tile, [](T a, T b) { return T((a != 0) != (b != 0)); });
    default:
      return each_unary<T>(call, tile, [](T a) { return T(a == 0); });
  }
}

// T: unsigned, of the type's size.
template <class T>
void logical_integers(const KernelCall& call, uint32_t tile, uint32_t) {
  constexpr T kBits = 8 * sizeof(T);
  switch (call.attributes<LogicalAttrs>().kind) {
    case kMoteBitwiseAnd:
      return each<T>(call, tile, [](T a, T b) { return a & b; });
    case kMoteBitwiseOr:
      return each<T>(call, tile, [](T a, T b) { return a | b; });
    case kMoteBitwiseXor:
      return each<T>(call, tile, [](T a, T b) { return a ^ b; });
    case kMoteBitwiseNot:
      return each_unary<T>(call, tile, [](T a) { return ~a; });
    case kMoteShiftLeft:
      return each<T>(call, tile, [](T a, T b) { return b < kBits ? a << b : T(0); });
    default:
      return each<T>(call, tile, [](T a, T b) { return b < kBits ? a >> b : T(0); });
  }
}

bool is_boolean(const OpView& v) { return input_is(v, Type::boolean); }

constexpr Kernel kKernels[] = {
#include "ops/logical/kernels.inc"
};

}  // namespace

extern const Operator logical_operator;
extern const Kernel logical_f64;

const Operator logical_operator = {
    .code = op_code::logical,
    .name = "logical",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Logical),
    .attributes_bytes = sizeof(LogicalAttrs),
    .min_inputs = 1,
    .max_inputs = 2,
    .in_place = 3,
    .read = read_kind,
    .check = check,
    .shape = shape_of_result,
    .kernels = kKernels,
};

// It takes no floats.
const Kernel logical_f64 = {.name = "logical_f64_none"};

}  // namespace mote
