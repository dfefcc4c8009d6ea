#include "mote/train.h"
#include "ops/operator.h"

namespace mote {

#define MOTE_OPERATOR(number, name) extern const Operator name##_operator;
#include "ops/ops.inc"
#include "train/ops.inc"
#undef MOTE_OPERATOR

namespace {
constexpr const Operator* kOperators[] = {
#define MOTE_OPERATOR(number, name) &name##_operator,
#include "ops/ops.inc"
#include "train/ops.inc"
#undef MOTE_OPERATOR
};
}  // namespace

OperatorTable training_operators() {
  return {kOperators, sizeof(kOperators) / sizeof(kOperators[0])};
}

}  // namespace mote
