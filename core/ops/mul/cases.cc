#include "ops/binary_cases.h"

namespace mote::test {

// Scales at the limits of 1.4 make requantization scales of zero and infinity.
void mul_cases(CaseList& list) {
  BinaryCases cases(list, op_code::mul);
  cases.fill();
  cases.fill_scales(0.5f, 0.5f, 0.25f);
  cases.fill_scales(0x1p-90f, 0x1p-90f, 1.0f);
  cases.fill_scales(0x1p90f, 0x1p90f, 1.0f);
  cases.fill_scales(0x1p60f, 1.0f, 0x1p-90f);
}

}  // namespace mote::test
