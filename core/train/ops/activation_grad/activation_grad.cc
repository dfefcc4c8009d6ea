// STUB: to be replaced.
#include "ops/op_codes.h"
#include "ops/operator.h"

namespace mote {

extern const Operator activation_grad_operator;
extern const Kernel activation_grad_f64;

const Operator activation_grad_operator = {.code = op_code::activation_grad, .name = "activation_grad"};
const Kernel activation_grad_f64 = {.name = "activation_grad_f64_reference", .reference = true};

}  // namespace mote
