// What the operators of two operands share: shapes, checks, and their reference kernels
// (NUMERICS.md, 5 and 18).
#pragma once

#include "kernels/binary/broadcast.h"
#include "kernels/binary/quantized.h"
#include "kernels/binary/rows.h"
#include "mote_generated.h"
#include "ops/activation_range.h"
#include "ops/binary_attributes.h"
#include "ops/check.h"
#include "ops/elementwise.h"
#include "ops/op_codes.h"

namespace mote::binary {

Status read(const void* table, void* attrs);
Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out);
// Types, activation and quantization; add and sub also the ratio of the scales.
Status check_add(const OpView& v);
Status check_mul(const OpView& v);
// float32 with a fused activation, int32, int64.
Status check_div(const OpView& v);
// Neither activation nor requantize_scale; one type, of these.
enum PlainTypes : uint32_t {
  kPlainFloat = 1,
  kPlainIntegers = 2,    // int32, int64
  kPlainMovedBytes = 4,  // int8 in one quantization, or in none
  kPlainQuantized = 8    // int8, each operand per tensor
};
Status check_plain(const OpView& v, uint32_t types);

// Params: AddS8Params, MulS8Params.
Status prepare_add_s8(PrepareContext& ctx);
Status prepare_sub_s8(PrepareContext& ctx);
Status prepare_mul_s8(PrepareContext& ctx);
void add_s8_reference(const KernelCall& call, uint32_t tile, uint32_t worker);
void mul_s8_reference(const KernelCall& call, uint32_t tile, uint32_t worker);

// Calls row(a, a_step, b, b_step, y, n) for each row of the tile.
template <class T, class Y = T, class Row>
void for_rows(const KernelCall& call, uint32_t tile, Row&& row) {
  const T *a = call.in(0).as<T>(), *b = call.in(1).as<T>();
  Y* y = call.out().as<Y>();
  Broadcast s = make_broadcast(call.in(0).shape, call.in(1).shape, call.out().shape);
  Range range = elementwise_range(call, tile);
  for_each_row(s, range.begin, range.end, [&](const BroadcastRow& r) {
    row(a + r.a, r.a_step, b + r.b, r.b_step, y + r.y, r.n);
  });
}

struct Add {
  template <class T>
  static T of(T a, T b) {
    return static_cast<T>(a + b);
  }
};
struct Sub {
  template <class T>
  static T of(T a, T b) {
    return static_cast<T>(a - b);
  }
};
struct Mul {
  template <class T>
  static T of(T a, T b) {
    return static_cast<T>(a * b);
  }
};

inline int32_t wrapping_negative(int32_t a) {
  return static_cast<int32_t>(0u - static_cast<uint32_t>(a));
}
inline int64_t wrapping_negative(int64_t a) {
  return static_cast<int64_t>(uint64_t{0} - static_cast<uint64_t>(a));
}

// (5.1), T = float or double.
template <class Op, class T>
void real_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  RealRange range = real_activation_range(call.attributes<BinaryAttrs>().activation);
  for_rows<T>(call, tile, [=](auto... row) {
    apply_row<T>(row..., [=](T a, T b) { return clamp_real(Op::of(a, b), range); });
  });
}

// (5.2), T unsigned: int32 and int64 modulo 2^32 and 2^64.
template <class Op, class T>
void integer_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  for_rows<T>(call, tile, [](auto... row) {
    apply_row<T>(row..., [](T a, T b) { return Op::template of<T>(a, b); });
  });
}

// y = Op::of(a, b), T signed or real.
template <class Op, class T>
void plain_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  for_rows<T>(call, tile, [](auto... row) {
    apply_row<T>(row..., [](T a, T b) { return Op::template of<T>(a, b); });
  });
}

// An optimized row function of kernels/binary with its params.
template <class Params, auto Row>
void quantized_rows(const KernelCall& call, uint32_t tile, uint32_t) {
  const auto& p = *static_cast<const Params*>(call.params);
  for_rows<int8_t>(call, tile, [&](auto... row) { Row(row..., p); });
}

inline bool is_s32(const OpView& v) { return input_is(v, Type::int32); }
inline bool is_s64(const OpView& v) { return input_is(v, Type::int64); }

// The operator's row; `kernels` from its kernels.inc.
constexpr Operator make_operator(uint16_t code, const char* name, Status (*check)(const OpView&),
                                 Span<const Kernel> kernels) {
  return {.code = code,
          .name = name,
          .attributes_kind = static_cast<uint8_t>(file::Attributes::Binary),
          .attributes_bytes = sizeof(BinaryAttrs),
          .min_inputs = 2,
          .max_inputs = 2,
          .in_place = 3,
          .read = read,
          .check = check,
          .shape = shape,
          .kernels = kernels};
}

// The reference in double, without activation.
template <class Op>
constexpr Kernel make_plain_f64(const char* name) {
  return {.name = name,
          .reference = true,
          .accepts = is_f64,
          .tiles = elementwise_tiles,
          .run = plain_reference<Op, double>};
}

// The reference in double.
template <class Op>
constexpr Kernel make_f64(const char* name) {
  return {.name = name,
          .reference = true,
          .accepts = is_f64,
          .tiles = elementwise_tiles,
          .run = real_reference<Op, double>};
}

}  // namespace mote::binary
