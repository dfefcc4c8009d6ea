// STUB: to be replaced.
#include "ops/op_codes.h"
#include "ops/operator.h"

namespace mote {

extern const Operator require_finite_operator;
extern const Kernel require_finite_f64;

const Operator require_finite_operator = {.code = op_code::require_finite, .name = "require_finite"};
const Kernel require_finite_f64 = {.name = "require_finite_f64_reference", .reference = true};

}  // namespace mote
