#include "ops/pair_cases.h"

namespace mote::test {

void floor_div_cases(CaseList& list) {
  // A quotient of such numbers is a whole number or 1/60 away from one.
  plain_pair_cases(list, op_code::floor_div, 9, 0, [&](const PairShapes& s) {
    return std::pair(lattice(list, s.a, 0.25f, 90), lattice(list, s.b, 0.25f, 60));
  });
}

}  // namespace mote::test
