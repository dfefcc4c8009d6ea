// Random cases of every operator that has a gradient.
#pragma once

#include "grad/gradient_check.h"

namespace mote::test {

struct OperatorGradientCases {
  const char* name;
  uint16_t op;
  void (*make)(GradientCase&);  // one case whose last node is the operator
};

// Kinks are at least 1e-3 away by construction.
Span<const OperatorGradientCases> gradient_cases();

// Adds with random operands until the operator accepts them.
template <class Attempt>
void until_accepted(Attempt&& attempt) {
  while (!attempt()) {
  }
}

#define MOTE_GRADIENT_CASE(name) void make_##name##_case(GradientCase&);
#include "grad/cases.inc"
#undef MOTE_GRADIENT_CASE

}  // namespace mote::test
