// STUB: to be replaced.
#include "ops/op_codes.h"
#include "ops/operator.h"

namespace mote {

extern const Operator broadcast_to_operator;
extern const Kernel broadcast_to_f64;

const Operator broadcast_to_operator = {.code = op_code::broadcast_to, .name = "broadcast_to"};
const Kernel broadcast_to_f64 = {.name = "broadcast_to_f64_reference", .reference = true};

}  // namespace mote
