// STUB: to be replaced.
#include "ops/op_codes.h"
#include "ops/operator.h"

namespace mote {

extern const Operator mse_operator;
extern const Kernel mse_f64;

const Operator mse_operator = {.code = op_code::mse, .name = "mse"};
const Kernel mse_f64 = {.name = "mse_f64_reference", .reference = true};

}  // namespace mote
