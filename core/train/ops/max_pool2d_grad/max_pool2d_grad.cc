// STUB: to be replaced.
#include "ops/op_codes.h"
#include "ops/operator.h"

namespace mote {

extern const Operator max_pool2d_grad_operator;
extern const Kernel max_pool2d_grad_f64;

const Operator max_pool2d_grad_operator = {.code = op_code::max_pool2d_grad, .name = "max_pool2d_grad"};
const Kernel max_pool2d_grad_f64 = {.name = "max_pool2d_grad_f64_reference", .reference = true};

}  // namespace mote
