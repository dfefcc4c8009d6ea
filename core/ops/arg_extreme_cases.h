// Cases of arg_max and arg_min.
#pragma once

#include "ops/case.h"

namespace mote::test {
inline Operand draw_arg_input(CaseList& list, Type type, std::vector<int32_t> shape, bool ties) {
  if (type == Type::float32) return list.f32(std::move(shape));
  if (ties) return list.ints(type, std::move(shape), 0, 2);
  if (type == Type::int8) return list.s8(std::move(shape), list.per_tensor());
  return list.ints(type, std::move(shape), 0, 127);
}

inline void add_arg_case(CaseList& list, Type type, const std::vector<int32_t>& shape, int32_t axis,
                         uint16_t op) {
  ArgMaxAttrs a = {axis, list.integer(0, 1), list.integer(0, 1)};
  bool extreme = type != Type::float32 && list.integer(0, 3) == 0;
  Operand x = draw_arg_input(list, type, shape, list.coin());
  if (extreme) x.fill = Fill::extreme;
  Operand y = list.ints(list.coin() ? Type::int32 : Type::int64, {}, 0, 0);
  list.add(op, a, {x}, {y});
}

inline void arg_extreme_cases(CaseList& list, uint16_t op) {
  for (Type type : {Type::float32, Type::int8, Type::uint8, Type::int32, Type::int64}) {
    for (int i = 0; i < 60; ++i) {
      int32_t rank = list.integer(1, 6), axis = list.integer(0, rank - 1);
      add_arg_case(list, type, list.shape(rank, 7), axis, op);
    }
    add_arg_case(list, type, {1, 65, 65, 21}, 3, op);  // a segmentation
    add_arg_case(list, type, {1, 1001}, 1, op);        // a classification
    add_arg_case(list, type, {50000}, 0, op);
  }
}

}  // namespace mote::test
