// STUB: to be replaced.
#include "ops/op_codes.h"
#include "ops/operator.h"

namespace mote {

extern const Operator resize_bilinear_grad_operator;
extern const Kernel resize_bilinear_grad_f64;

const Operator resize_bilinear_grad_operator = {.code = op_code::resize_bilinear_grad, .name = "resize_bilinear_grad"};
const Kernel resize_bilinear_grad_f64 = {.name = "resize_bilinear_grad_f64_reference", .reference = true};

}  // namespace mote
