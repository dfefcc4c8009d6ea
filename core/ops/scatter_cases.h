// Operands of scatter_nd and scatter_elements.
#pragma once

#include "ops/movement_cases.h"

namespace mote::test {

// x for updates with a reduction: every type without, numbers with one; integers wrap.
inline Operand scattered_operand(CaseList& list, Type type, int32_t reduction,
                                 std::vector<int32_t> shape) {
  Operand x = moved_operand(list, type, std::move(shape));
  if (reduction != kMoteScatterNone && type != Type::float32 && list.integer(0, 3) == 0)
    x.fill = Fill::extreme;
  return x;
}

inline int32_t draw_reduction(CaseList& list, Type type) {
  bool number = type == Type::float32 || type == Type::int32 || type == Type::int64;
  return number ? list.integer(kMoteScatterNone, kMoteScatterMax) : kMoteScatterNone;
}

}  // namespace mote::test
