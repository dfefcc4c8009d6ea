#include "ops/case.h"

namespace mote::test {

void fake_quant_cases(CaseList& list) {
  for (int i = 0; i < 64; ++i) {
    FakeQuantAttrs a{-list.real(0.0F, 4.0F), list.real(0.1F, 6.0F),
                     i % 3 == 0 ? 8 : list.integer(2, 16), list.integer(0, 1)};
    if (i % 8 == 1) a.min = 0;
    if (i % 8 == 2) a.max = 0, a.min -= 0.5F;
    Case& c = list.add(op_code::fake_quant, a, {list.f32(list.shape(list.integer(1, 4)), -8, 8)},
                       {list.f32({})});
    // A value that lies between two levels may go to either in another arithmetic.
    c.tolerance = 1.01 * (a.max - a.min) / ((1 << a.bits) - 1 - a.narrow_range);
  }
  FakeQuantAttrs large{-1, 1, 8, 0};
  Case& c = list.add(op_code::fake_quant, large, {list.f32({3, 50, 70}, -2, 2)}, {list.f32({})});
  c.tolerance = 1.01 * 2 / 255;
}

}  // namespace mote::test
