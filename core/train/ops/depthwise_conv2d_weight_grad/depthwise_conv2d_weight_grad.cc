// STUB: to be replaced.
#include "ops/op_codes.h"
#include "ops/operator.h"

namespace mote {

extern const Operator depthwise_conv2d_weight_grad_operator;
extern const Kernel depthwise_conv2d_weight_grad_f64;

const Operator depthwise_conv2d_weight_grad_operator = {.code = op_code::depthwise_conv2d_weight_grad, .name = "depthwise_conv2d_weight_grad"};
const Kernel depthwise_conv2d_weight_grad_f64 = {.name = "depthwise_conv2d_weight_grad_f64_reference", .reference = true};

}  // namespace mote
