#include "ops/all_cases.h"

namespace mote::test {

// Weak, so that an operator without cases fails the completeness test and not the link.
#define MOTE_OPERATOR(number, name) __attribute__((weak)) void name##_cases(CaseList& list);
#include "ops/ops.inc"
#include "train/ops.inc"
#undef MOTE_OPERATOR

const std::vector<OperatorCases>& all_cases() {
  static const std::vector<OperatorCases> kAll = {
#define MOTE_OPERATOR(number, name) {number, #name, &name##_cases},
#include "ops/ops.inc"
#include "train/ops.inc"
#undef MOTE_OPERATOR
  };
  return kAll;
}

std::vector<Case> cases_of(const OperatorCases& op) {
  CaseList list;
  if (op.fill != nullptr) op.fill(list);
  return list.cases();
}

}  // namespace mote::test
