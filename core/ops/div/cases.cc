#include <cmath>

#include "ops/pair_cases.h"

namespace mote::test {

void div_cases(CaseList& list) {
  // One rounding, as in the definition.
  plain_pair_cases(list, op_code::div, 9, 0, [&](const PairShapes& s) {
    return std::pair(list.f32(s.a, -8, 8), list.f32(s.b, -2, 2));
  });
  for (int i = 0; i < 30; ++i) {
    PairShapes s = draw_pair(list);
    list.add(op_code::div, BinaryAttrs{i % 4, 0}, {list.f32(s.a, -8, 8), list.f32(s.b, -2, 2)},
             {result(Type::float32)})
        .tolerance = 0;
  }
  Operand a = special(list, {6}, {1, -1, 0, INFINITY, NAN, 3e38f});
  Operand b = special(list, {5, 1}, {0, -0.0f, INFINITY, NAN, 1e-3f});
  list.add(op_code::div, BinaryAttrs{}, {a, b}, {result(Type::float32)}).tolerance = 0;
}

}  // namespace mote::test
