// y = f(x) for the functions of mathematics. Quantized: a table stored in the file (NUMERICS.md,
// 18.5).
#include <cmath>

#include "mote_generated.h"
#include "ops/check.h"
#include "ops/elementwise.h"
#include "ops/math/attributes.h"
#include "ops/math/functions.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  static_cast<MathAttrs*>(attrs)->kind = static_cast<const file::Math*>(table)->kind();
  return {};
}

bool is_test(int32_t kind) { return kind == kMoteIsNan || kind == kMoteIsInf; }

bool takes_integers(int32_t kind) {
  return kind == kMoteAbs || kind == kMoteNeg || kind == kMoteSign || kind == kMoteSquare;
}

Status check_no_table(const OpView& v) {
  return v.has(1) ? error(Code::input_count, 1, 2) : Status{};
}

Status check(const OpView& v) {
  int32_t kind = v.attributes<MathAttrs>().kind;
  MOTE_TRY(check_attribute("kind", kind, kMoteAbs, kMoteIsInf));
  Type type = v.in(0).type;
  if (is_test(kind)) {
    if (type != Type::float32) return error(Code::operand_type, 0, 0);
    MOTE_TRY(check_output_type(v, Type::boolean));
    return check_no_table(v);
  }
  if (takes_integers(kind) && (type == Type::int32 || type == Type::int64)) {
    MOTE_TRY(check_output_type(v, type));
    if (v.in(0).quantization.quantized() || v.out().quantization.quantized())
      return error(Code::quantization_unexpected, 0, 0);
    return check_no_table(v);
  }
  MOTE_TRY(check_float_or_quantized(v));
  return type == Type::int8 ? check_table(v, 1, Type::int8) : check_no_table(v);
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  out[0] = in[0];
  return {};
}

template <class X, class Y, class F>
void apply(const KernelCall& call, uint32_t tile, F f) {
  const X* x = call.in(0).as<X>();
  Y* y = call.out().as<Y>();
  Range r = elementwise_range(call, tile);
  MOTE_INDEPENDENT
  for (int64_t i = r.begin; i < r.end; ++i) y[i] = f(x[i]);
}

// (18.5)
template <class T>
void math_real(const KernelCall& call, uint32_t tile, uint32_t) {
  int32_t kind = call.attributes<MathAttrs>().kind;
  with_math_function<T>(kind, [&](auto f) { apply<T, T>(call, tile, f); });
}

template <class T>
void math_test(const KernelCall& call, uint32_t tile, uint32_t) {
  if (call.attributes<MathAttrs>().kind == kMoteIsNan)
    return apply<T, uint8_t>(call, tile, [](T x) { return x != x ? 1 : 0; });
  constexpr T kInfinity = __builtin_huge_val();
  apply<T, uint8_t>(call, tile, [](T x) { return x == kInfinity || x == -kInfinity ? 1 : 0; });
}

// U: the unsigned twin of T; results wrap.
template <class T, class U>
void math_integers(const KernelCall& call, uint32_t tile, uint32_t) {
  auto negative = [](T x) { return static_cast<T>(U(0) - static_cast<U>(x)); };
  switch (call.attributes<MathAttrs>().kind) {
    case kMoteAbs:
      return apply<T, T>(call, tile, [=](T x) { return x < 0 ? negative(x) : x; });
    case kMoteNeg:
      return apply<T, T>(call, tile, negative);
    case kMoteSign:
      return apply<T, T>(call, tile, [](T x) { return T(x > 0 ? 1 : x < 0 ? -1 : 0); });
    default:
      return apply<U, U>(call, tile, [](U x) { return x * x; });
  }
}

void math_table(const KernelCall& call, uint32_t tile, uint32_t) {
  const int8_t* table = call.in(1).as<int8_t>();
  apply<int8_t, int8_t>(call, tile, [=](int8_t x) { return table[x + 128]; });
}

bool is_s32(const OpView& v) { return input_is(v, Type::int32); }
bool is_s64(const OpView& v) { return input_is(v, Type::int64); }
bool tests_f32(const OpView& v) { return is_f32(v) && v.out().type == Type::boolean; }
bool is_real_f32(const OpView& v) { return is_f32(v) && v.out().type == Type::float32; }

constexpr Kernel kKernels[] = {
#include "ops/math/kernels.inc"
};

}  // namespace

extern const Operator math_operator;
extern const Kernel math_f64;

const Operator math_operator = {
    .code = op_code::math,
    .name = "math",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Math),
    .attributes_bytes = sizeof(MathAttrs),
    .min_inputs = 1,
    .max_inputs = 2,
    .in_place = 1,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel math_f64 = {.name = "math_f64_reference",
                         .reference = true,
                         .accepts = is_f64,
                         .tiles = elementwise_tiles,
                         .run = [](const KernelCall& call, uint32_t tile, uint32_t worker) {
                           bool test = call.view->out().type == Type::boolean;
                           (test ? math_test<double> : math_real<double>)(call, tile, worker);
                         }};

}  // namespace mote
