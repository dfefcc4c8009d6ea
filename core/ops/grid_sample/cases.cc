#include "ops/case.h"

namespace mote::test {

void grid_sample_cases(CaseList& list) {
  for (int i = 0; i < 72; ++i) {
    GridSampleAttrs a{i % 3, i / 3 % 3, i / 9 % 2};
    int32_t n = list.integer(1, 2);
    Operand x = list.f32({n, list.integer(1, 9), list.integer(1, 9), list.integer(1, 7)});
    Operand grid = list.f32({n, list.integer(1, 8), list.integer(1, 8), 2}, -1.5, 1.5);
    list.add(op_code::grid_sample, a, {x, grid}, {list.f32({})}).tolerance = 1e-4;
  }
  list.add(op_code::grid_sample, GridSampleAttrs{},
           {list.f32({2, 40, 30, 9}), list.f32({2, 35, 25, 2}, -1.1, 1.1)}, {list.f32({})})
      .tolerance = 1e-4;
}

}  // namespace mote::test
