// STUB: to be replaced.
#include "ops/op_codes.h"
#include "ops/operator.h"

namespace mote {

extern const Operator gather_grad_operator;
extern const Kernel gather_grad_f64;

const Operator gather_grad_operator = {.code = op_code::gather_grad, .name = "gather_grad"};
const Kernel gather_grad_f64 = {.name = "gather_grad_f64_reference", .reference = true};

}  // namespace mote
