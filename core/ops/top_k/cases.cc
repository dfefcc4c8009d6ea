#include "ops/movement_cases.h"

namespace mote::test {
namespace {

void add_case(CaseList& list, Type type, std::vector<int32_t> shape, TopKAttrs a) {
  Operand x = moved_operand(list, type, std::move(shape));
  if (type != Type::float32 && list.coin()) x.low = 0, x.high = 3;  // ties
  Operand indices = list.ints(Type::int32, {}, 0, 0);
  list.add(op_code::top_k, a, {x}, {like(x), indices});
}

}  // namespace

void top_k_cases(CaseList& list) {
  for (Type type : {Type::float32, Type::int8, Type::uint8, Type::int32, Type::int64}) {
    for (int i = 0; i < 60; ++i) {
      int32_t rank = list.integer(1, 4), axis = list.integer(0, rank - 1);
      std::vector<int32_t> shape = list.shape(rank, 9);
      int32_t k = list.integer(1, shape[static_cast<size_t>(axis)]);
      add_case(list, type, std::move(shape), {axis, k, list.integer(0, 1)});
    }
    add_case(list, type, {2, 1001}, {1, 5, 0});
    add_case(list, type, {300, 6}, {0, 40, 1});
    add_case(list, type, {5000}, {0, 300, 0});
  }
}

}  // namespace mote::test
