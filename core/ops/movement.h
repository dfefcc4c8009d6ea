// What the operators that move elements share (NUMERICS.md, 10): they see bytes, not numbers.
#pragma once

#include "ops/check.h"

namespace mote {

inline bool any_type(const OpView&) { return true; }

// Input `i` and the output have one type and one quantization, per tensor or none.
inline Status check_movement(const OpView& v, size_t i = 0) {
  auto output = static_cast<int64_t>(v.inputs.size), input = static_cast<int64_t>(i);
  if (v.in(i).type != v.out().type) return error(Code::operand_types_differ, input, output);
  if (v.in(i).quantization.scale_count > 1) return error(Code::per_channel_not_allowed, 0, input);
  return check_same_quantization(v.in(i), input, v.out(), output);
}

inline Status check_axis(int32_t axis, int32_t rank) {
  if (rank < 1) return error(Code::operand_rank, 1, rank);
  return check_attribute("axis", axis, 0, rank - 1);
}

inline int64_t element_bytes(const Tensor& t) { return static_cast<int64_t>(type_bytes(t.type())); }

// Two dimensions that must be equal at run: what both bounds allow.
inline Status equal_dims(Dim a, Dim b, Dim* out) {
  *out = {a.min > b.min ? a.min : b.min, a.max < b.max ? a.max : b.max};
  return out->min <= out->max ? Status{} : error(Code::shape_incompatible, a.max, b.max);
}

}  // namespace mote
