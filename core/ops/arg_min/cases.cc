#include "ops/arg_extreme_cases.h"

namespace mote::test {

void arg_min_cases(CaseList& list) { arg_extreme_cases(list, op_code::arg_min); }

}  // namespace mote::test
