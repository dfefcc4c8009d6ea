#include "ops/case.h"

namespace mote::test {

// That the run fails on NaN is a test of sessions.
void require_finite_cases(CaseList& list) {
  for (int i = 0; i < 56; ++i) {
    std::vector<int32_t> shape = list.shape(list.integer(0, 6), 6);
    if (i % 14 == 13) shape = {3, 5000};  // several tiles
    Operand x = list.f32(shape, -3.4e38, 3.4e38);
    if (i % 4 == 1) x.fill = Fill::extreme;
    list.add(op_code::require_finite, ir::Bytes{}, {x}, {list.f32({})}).tolerance = 0;
  }
}

}  // namespace mote::test
