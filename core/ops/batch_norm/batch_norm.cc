// STUB: to be replaced.
#include "ops/op_codes.h"
#include "ops/operator.h"

namespace mote {

extern const Operator batch_norm_operator;
extern const Kernel batch_norm_f64;

const Operator batch_norm_operator = {.code = op_code::batch_norm, .name = "batch_norm"};
const Kernel batch_norm_f64 = {.name = "batch_norm_f64_reference", .reference = true};

}  // namespace mote
