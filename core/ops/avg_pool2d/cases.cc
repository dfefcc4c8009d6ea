#include "ops/pool_cases.h"

namespace mote::test {

void avg_pool2d_cases(CaseList& list) { pool_cases(list, op_code::avg_pool2d); }

}  // namespace mote::test
