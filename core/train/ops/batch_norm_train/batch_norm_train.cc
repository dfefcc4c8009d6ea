// STUB: to be replaced.
#include "ops/op_codes.h"
#include "ops/operator.h"

namespace mote {

extern const Operator batch_norm_train_operator;
extern const Kernel batch_norm_train_f64;

const Operator batch_norm_train_operator = {.code = op_code::batch_norm_train, .name = "batch_norm_train"};
const Kernel batch_norm_train_f64 = {.name = "batch_norm_train_f64_reference", .reference = true};

}  // namespace mote
