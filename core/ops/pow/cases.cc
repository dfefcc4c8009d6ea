#include <cmath>

#include "ops/pair_cases.h"

namespace mote::test {

void pow_cases(CaseList& list) {
  int i = 0;
  // Positive bases, and any base with whole exponents.
  plain_pair_cases(list, op_code::pow, 9, 1e-5, [&](const PairShapes& s) {
    if (++i % 2 == 0) return std::pair(list.f32(s.a, 0.05, 4), list.f32(s.b, -3, 3));
    return std::pair(list.f32(s.a, -4, 4), lattice(list, s.b, 1, 4));
  });
  Operand a = special(list, {7}, {NAN, INFINITY, -INFINITY, 0, 1, -1, 2});
  Operand b = special(list, {7, 1}, {NAN, INFINITY, -INFINITY, 0, 0.5f, -1, 3});
  list.add(op_code::pow, BinaryAttrs{}, {a, b}, {result(Type::float32)});
}

}  // namespace mote::test
