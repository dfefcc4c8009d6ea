// STUB: to be replaced.
#include "ops/op_codes.h"
#include "ops/operator.h"

namespace mote {

extern const Operator avg_pool2d_grad_operator;
extern const Kernel avg_pool2d_grad_f64;

const Operator avg_pool2d_grad_operator = {.code = op_code::avg_pool2d_grad, .name = "avg_pool2d_grad"};
const Kernel avg_pool2d_grad_f64 = {.name = "avg_pool2d_grad_f64_reference", .reference = true};

}  // namespace mote
