// Operands of operators that move elements: any type, quantized or not.
#pragma once

#include "ops/case.h"

namespace mote::test {

inline constexpr Type kMovedTypes[] = {Type::float32, Type::int8,  Type::uint8,  Type::int16,
                                       Type::int32,   Type::int64, Type::boolean};

// int8 and uint8 carry a quantization in half of the draws.
inline Operand moved_operand(CaseList& list, Type type, std::vector<int32_t> shape) {
  if (type == Type::float32) return list.f32(std::move(shape));
  if ((type == Type::int8 || type == Type::uint8) && list.coin()) {
    ir::Quantization q = list.per_tensor();
    if (type == Type::int8) return list.s8(std::move(shape), std::move(q));
    q.zero_points = {list.integer(0, 255)};
    return list.u8(std::move(shape), std::move(q));
  }
  switch (type) {
    case Type::boolean:
      return list.ints(type, std::move(shape), 0, 1);
    case Type::uint8:
      return list.ints(type, std::move(shape), 0, 255);
    case Type::int8:
      return list.ints(type, std::move(shape), -128, 127);
    default:
      return list.ints(type, std::move(shape), -30000, 30000);
  }
}

// The same type and quantization in another shape.
inline Operand like(const Operand& x, std::vector<int32_t> shape = {}) {
  Operand o = x;
  o.shape = std::move(shape);
  o.kind = TensorKind::activation;
  return o;
}

inline int32_t rank_of(const std::vector<int32_t>& shape) {
  return static_cast<int32_t>(shape.size());
}

}  // namespace mote::test
