#include "ops/extremum_cases.h"

namespace mote::test {

void maximum_cases(CaseList& list) { extremum_cases(list, op_code::maximum); }

}  // namespace mote::test
