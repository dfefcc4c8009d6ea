// The cases of every operator of core/ops/ops.inc.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "ops/case.h"

namespace mote::test {

struct OperatorCases {
  uint16_t code = 0;
  const char* name = "";
  void (*fill)(CaseList&) = nullptr;  // null: the operator has no cases.cc
};

// GoogleTest's text for a parameter.
inline void PrintTo(const OperatorCases& op, std::ostream* out) { *out << op.name; }

const std::vector<OperatorCases>& all_cases();

// One operator's cases, drawn with the seed of every test; empty when it has none.
std::vector<Case> cases_of(const OperatorCases& op);

// The operand data of case number `index`.
inline uint32_t case_seed(size_t index) { return 1000 + 16 * static_cast<uint32_t>(index); }

}  // namespace mote::test
