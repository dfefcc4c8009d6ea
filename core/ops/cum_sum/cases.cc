#include "ops/case.h"

namespace mote::test {
namespace {

void add_case(CaseList& list, Type type, std::vector<int32_t> shape, int32_t axis) {
  CumSumAttrs a = {axis, list.integer(0, 1), list.integer(0, 1)};
  Operand x = type == Type::float32 ? list.f32(std::move(shape))
                                    : list.ints(type, std::move(shape), -1000, 1000);
  if (type != Type::float32 && list.integer(0, 3) == 0) x.fill = Fill::extreme;  // sums wrap
  list.add(op_code::cum_sum, a, {x}, {x});
}

}  // namespace

void cum_sum_cases(CaseList& list) {
  for (Type type : {Type::float32, Type::int32, Type::int64}) {
    for (int i = 0; i < 60; ++i) {
      int32_t rank = list.integer(1, 5);
      add_case(list, type, list.shape(rank, 6), list.integer(0, rank - 1));
    }
    add_case(list, type, {3, 70, 300}, 1);
    add_case(list, type, {400, 40}, 1);
    add_case(list, type, {2000}, 0);
  }
}

}  // namespace mote::test
