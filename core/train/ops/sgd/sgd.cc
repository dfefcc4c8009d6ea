// STUB: to be replaced.
#include "ops/op_codes.h"
#include "ops/operator.h"

namespace mote {

extern const Operator sgd_operator;
extern const Kernel sgd_f64;

const Operator sgd_operator = {.code = op_code::sgd, .name = "sgd"};
const Kernel sgd_f64 = {.name = "sgd_f64_reference", .reference = true};

}  // namespace mote
