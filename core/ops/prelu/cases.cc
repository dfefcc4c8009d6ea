#include <cmath>

#include "ops/pair_cases.h"

namespace mote::test {

void prelu_cases(CaseList& list) {
  for_pairs(list, [&](const PairShapes& s) {
    list.add(op_code::prelu, ir::Bytes{}, {list.f32(s.a, -8, 8), list.f32(s.b, -1, 1)},
             {result(Type::float32)})
        .tolerance = 0;
  });
  int i = 0;
  for_pairs(list, [&](const PairShapes& s) {
    Operand x = list.s8(s.a, list.per_tensor()), slope = list.s8(s.b, list.per_tensor());
    if (++i % 8 == 0) x.fill = slope.fill = Fill::extreme;
    list.add(op_code::prelu, ir::Bytes{}, {x, slope}, {list.s8({}, list.per_tensor())});
  });
  list.add(op_code::prelu, ir::Bytes{},
           {special(list, {6}, {NAN, INFINITY, -INFINITY, 0, -0.0f, -3e38f}),
            special(list, {3, 1}, {2, 0.25f, -1})},
           {result(Type::float32)})
      .tolerance = 0;
}

}  // namespace mote::test
