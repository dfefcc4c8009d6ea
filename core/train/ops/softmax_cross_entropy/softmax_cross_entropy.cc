// STUB: to be replaced.
#include "ops/op_codes.h"
#include "ops/operator.h"

namespace mote {

extern const Operator softmax_cross_entropy_operator;
extern const Kernel softmax_cross_entropy_f64;

const Operator softmax_cross_entropy_operator = {.code = op_code::softmax_cross_entropy, .name = "softmax_cross_entropy"};
const Kernel softmax_cross_entropy_f64 = {.name = "softmax_cross_entropy_f64_reference", .reference = true};

}  // namespace mote
