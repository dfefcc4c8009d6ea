#include "ops/pair_cases.h"

namespace mote::test {

void squared_difference_cases(CaseList& list) {
  plain_pair_cases(list, op_code::squared_difference, 9, 0, [&](const PairShapes& s) {
    return std::pair(list.f32(s.a, -8, 8), list.f32(s.b, -8, 8));
  });
  int i = 0;
  for_pairs(list, [&](const PairShapes& s) {
    Operand a = list.s8(s.a, list.per_tensor()), b = list.s8(s.b, list.per_tensor());
    if (++i % 8 == 0) a.fill = b.fill = Fill::extreme;
    list.add(op_code::squared_difference, BinaryAttrs{}, {a, b}, {list.s8({}, list.per_tensor())});
  });
}

}  // namespace mote::test
