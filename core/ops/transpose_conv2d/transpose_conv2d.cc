// STUB: to be replaced.
#include "ops/op_codes.h"
#include "ops/operator.h"

namespace mote {

extern const Operator transpose_conv2d_operator;
extern const Kernel transpose_conv2d_f64;

const Operator transpose_conv2d_operator = {.code = op_code::transpose_conv2d, .name = "transpose_conv2d"};
const Kernel transpose_conv2d_f64 = {.name = "transpose_conv2d_f64_reference", .reference = true};

}  // namespace mote
