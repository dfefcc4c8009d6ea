// STUB: to be replaced.
#include "ops/op_codes.h"
#include "ops/operator.h"

namespace mote {

extern const Operator conv2d_weight_grad_operator;
extern const Kernel conv2d_weight_grad_f64;

const Operator conv2d_weight_grad_operator = {.code = op_code::conv2d_weight_grad, .name = "conv2d_weight_grad"};
const Kernel conv2d_weight_grad_f64 = {.name = "conv2d_weight_grad_f64_reference", .reference = true};

}  // namespace mote
