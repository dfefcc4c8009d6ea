#include "ops/movement_cases.h"

namespace mote::test {
namespace {

void add_case(CaseList& list, Type type, std::vector<int32_t> shape, OneHotAttrs a) {
  // Some indices are below and above.
  Operand indices =
      list.ints(list.coin() ? Type::int32 : Type::int64, std::move(shape), -1, a.depth);
  if (list.integer(0, 7) == 0) indices.fill = Fill::extreme;
  Operand on = moved_operand(list, type, {});
  Operand off = like(on);
  if (list.coin()) off.shape = {1};
  list.add(op_code::one_hot, a, {indices, on, off}, {like(on)});
}

}  // namespace

void one_hot_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int i = 0; i < 60; ++i) {
      int32_t rank = list.integer(0, 5);
      add_case(list, type, list.shape(rank, 5), {list.integer(0, rank), list.integer(1, 7)});
    }
    add_case(list, type, {40}, {1, 1000});
    add_case(list, type, {3, 900}, {1, 21});
  }
}

}  // namespace mote::test
