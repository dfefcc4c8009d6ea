#include "train/ops/pool_grad_cases.h"

namespace mote::test {

void avg_pool2d_grad_cases(CaseList& list) { pool_grad_cases(list, op_code::avg_pool2d_grad); }

}  // namespace mote::test
