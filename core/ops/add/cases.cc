#include "ops/binary_cases.h"

namespace mote::test {

void add_cases(CaseList& list) { add_like_cases(list, op_code::add); }

}  // namespace mote::test
