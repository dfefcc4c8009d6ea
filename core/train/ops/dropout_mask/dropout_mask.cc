// STUB: to be replaced.
#include "ops/op_codes.h"
#include "ops/operator.h"

namespace mote {

extern const Operator dropout_mask_operator;
extern const Kernel dropout_mask_f64;

const Operator dropout_mask_operator = {.code = op_code::dropout_mask, .name = "dropout_mask"};
const Kernel dropout_mask_f64 = {.name = "dropout_mask_f64_reference", .reference = true};

}  // namespace mote
