// STUB: to be replaced.
#include "ops/op_codes.h"
#include "ops/operator.h"

namespace mote {

extern const Operator adam_operator;
extern const Kernel adam_f64;

const Operator adam_operator = {.code = op_code::adam, .name = "adam"};
const Kernel adam_f64 = {.name = "adam_f64_reference", .reference = true};

}  // namespace mote
