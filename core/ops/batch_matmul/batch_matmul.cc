// STUB: to be replaced.
#include "ops/op_codes.h"
#include "ops/operator.h"

namespace mote {

extern const Operator batch_matmul_operator;
extern const Kernel batch_matmul_f64;

const Operator batch_matmul_operator = {.code = op_code::batch_matmul, .name = "batch_matmul"};
const Kernel batch_matmul_f64 = {.name = "batch_matmul_f64_reference", .reference = true};

}  // namespace mote
