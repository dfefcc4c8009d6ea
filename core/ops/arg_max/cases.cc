#include "ops/case.h"

namespace mote::test {
namespace {

Operand draw_input(CaseList& list, Type type, std::vector<int32_t> shape, bool ties) {
  if (type == Type::float32) return list.f32(std::move(shape));
  if (ties) return list.ints(type, std::move(shape), 0, 2);
  if (type == Type::int8) return list.s8(std::move(shape), list.per_tensor());
  return list.ints(type, std::move(shape), 0, 127);
}

void add_case(CaseList& list, Type type, const std::vector<int32_t>& shape, int32_t axis) {
  ArgMaxAttrs a = {axis, list.integer(0, 1)};
  bool extreme = type != Type::float32 && list.integer(0, 3) == 0;
  Operand x = draw_input(list, type, shape, list.coin());
  if (extreme) x.fill = Fill::extreme;
  Operand y = list.ints(list.coin() ? Type::int32 : Type::int64, {}, 0, 0);
  list.add(op_code::arg_max, a, {x}, {y});
}

}  // namespace

void arg_max_cases(CaseList& list) {
  for (Type type : {Type::float32, Type::int8, Type::uint8, Type::int32, Type::int64}) {
    for (int i = 0; i < 60; ++i) {
      int32_t rank = list.integer(1, 6), axis = list.integer(0, rank - 1);
      add_case(list, type, list.shape(rank, 7), axis);
    }
    add_case(list, type, {1, 65, 65, 21}, 3);  // a segmentation
    add_case(list, type, {1, 1001}, 1);        // a classification
    add_case(list, type, {50000}, 0);
  }
}

}  // namespace mote::test
