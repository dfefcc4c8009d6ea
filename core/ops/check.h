// Checks that many operators share. Each returns ok or an error that names the operand.
#pragma once

#include "mote/status.h"
#include "ops/fused_activation.h"
#include "ops/operator.h"

namespace mote {

constexpr bool is_int8_like(Type t) { return t == Type::int8 || t == Type::uint8; }

// `value` in [lo, hi].
inline Status check_attribute(const char* name, int64_t value, int64_t lo, int64_t hi) {
  if (value < lo) return error(Code::attribute_range, lo, value, name);
  if (value > hi) return error(Code::attribute_range, hi, value, name);
  return {};
}
inline Status check_activation(int32_t activation) {
  return check_attribute("activation", activation, kMoteActivationNone, kMoteActivationReluN1To1);
}

inline Status check_rank(const TensorInfo& t, int32_t rank) {
  return t.bounds.rank == rank ? Status{} : error(Code::operand_rank, rank, t.bounds.rank);
}

inline Status check_same_type(const OpView& v, size_t a, size_t b) {
  return v.in(a).type == v.in(b).type
             ? Status{}
             : error(Code::operand_types_differ, static_cast<int64_t>(a), static_cast<int64_t>(b));
}
inline Status check_output_type(const OpView& v, Type type) {
  return v.out().type == type ? Status{}
                              : error(Code::operand_type, static_cast<int64_t>(type),
                                      static_cast<int64_t>(v.inputs.size));
}

// Operand numbers in messages: inputs from 0, then outputs.
inline Status check_per_tensor(const TensorInfo& t, int64_t operand) {
  if (!t.quantization.quantized()) return error(Code::quantization_missing, 0, operand);
  if (t.quantization.scale_count != 1) return error(Code::per_channel_not_allowed, 0, operand);
  return {};
}

inline bool same_quantization(const TensorInfo& a, const TensorInfo& b) {
  const Quantization &p = a.quantization, &q = b.quantization;
  if (p.scale_count != q.scale_count) return false;
  for (uint32_t i = 0; i < p.scale_count; ++i)
    if (p.scales[i] != q.scales[i] || p.zero_point(i) != q.zero_point(i)) return false;
  return p.scale_count <= 1 || p.axis == q.axis;
}

// Both operands carry the same (or no) quantization: for operators that move elements.
inline Status check_same_quantization(const TensorInfo& a, int64_t operand_a, const TensorInfo& b,
                                      int64_t operand_b) {
  return same_quantization(a, b) ? Status{}
                                 : error(Code::quantization_mismatch, operand_a, operand_b);
}

// Every operand that is there is float32.
inline Status check_all_f32(const OpView& v) {
  for (size_t i = 0; i < v.inputs.size + v.outputs.size; ++i) {
    const TensorInfo* t = i < v.inputs.size ? v.inputs[i] : v.outputs[i - v.inputs.size];
    if (t != nullptr && t->type != Type::float32)
      return error(Code::operand_type, 0, static_cast<int64_t>(i));
  }
  return {};
}

// x: float32, or int8 quantized per tensor; the output likewise.
inline Status check_float_or_quantized(const OpView& v) {
  const TensorInfo& x = v.in(0);
  if (x.type == Type::float32) return check_output_type(v, Type::float32);
  if (x.type != Type::int8) return error(Code::operand_type, 0, 0);
  MOTE_TRY(check_output_type(v, Type::int8));
  MOTE_TRY(check_per_tensor(x, 0));
  return check_per_tensor(v.out(), static_cast<int64_t>(v.inputs.size));
}

// The stored table of a quantized operator: input `i`, constant, one element per int8 value.
inline Status check_table(const OpView& v, size_t i, Type type) {
  if (!v.has(i)) return error(Code::input_missing, 0, static_cast<int64_t>(i));
  const TensorInfo& t = v.in(i);
  if (t.kind != TensorKind::constant)
    return error(Code::operand_not_constant, 0, static_cast<int64_t>(i));
  if (t.type != type) return error(Code::operand_type, 0, static_cast<int64_t>(i));
  MOTE_TRY(check_rank(t, 1));
  if (t.bounds.dims[0].max != 256) return error(Code::operand_shape, 256, t.bounds.dims[0].max);
  return {};
}

// Shapes of attributes' arrays: fills `out[8]` from a FlatBuffers vector of int.
template <class Vector>
Status read_array(const char* name, const Vector* vector, int32_t* out, int32_t* count) {
  uint32_t n = vector == nullptr ? 0 : vector->size();
  if (n > kMaxRank) return error(Code::attribute_count, kMaxRank, n, name);
  for (uint32_t i = 0; i < n; ++i) out[i] = vector->Get(i);
  *count = static_cast<int32_t>(n);
  return {};
}

// Type predicates for kernel tables.
inline bool input_is(const OpView& v, Type type) { return v.in(0).type == type; }
inline bool is_f32(const OpView& v) { return input_is(v, Type::float32); }
inline bool is_f64(const OpView& v) { return input_is(v, Type::float64); }
inline bool is_s8(const OpView& v) { return input_is(v, Type::int8); }

}  // namespace mote
