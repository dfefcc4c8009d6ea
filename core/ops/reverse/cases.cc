#include "ops/movement_cases.h"

namespace mote::test {
namespace {

void add_case(CaseList& list, Type type, std::vector<int32_t> shape, AxesAttrs a) {
  Operand x = moved_operand(list, type, std::move(shape));
  list.add(op_code::reverse, a, {x}, {like(x)});
}

}  // namespace

void reverse_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int i = 0; i < 60; ++i) {
      int32_t rank = list.integer(1, 6), needed = list.integer(0, rank - 1);
      AxesAttrs a{};
      for (int32_t d = 0; d < rank; ++d)
        if (d == needed || list.integer(0, 2) == 0) a.axes[a.count++] = d;
      add_case(list, type, list.shape(rank, 6), a);
    }
    add_case(list, type, {3, 70, 90}, {1, {1}});
    add_case(list, type, {30000}, {1, {0}});
  }
}

}  // namespace mote::test
