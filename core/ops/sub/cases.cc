#include "ops/binary_cases.h"

namespace mote::test {

void sub_cases(CaseList& list) { add_like_cases(list, op_code::sub); }

}  // namespace mote::test
