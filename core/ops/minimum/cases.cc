#include "ops/extremum_cases.h"

namespace mote::test {

void minimum_cases(CaseList& list) { extremum_cases(list, op_code::minimum); }

}  // namespace mote::test
