// Cases of minimum and maximum.
#pragma once

#include <cmath>

#include "ops/pair_cases.h"

namespace mote::test {

inline void extremum_cases(CaseList& list, uint16_t op) {
  plain_pair_cases(list, op, 9, 0, [&](const PairShapes& s) {
    return std::pair(lattice(list, s.a, 0.25f, 9), lattice(list, s.b, 0.25f, 9));
  });
  int i = 0;
  for_pairs(list, [&](const PairShapes& s) {
    ir::Quantization q = ++i % 2 == 0 ? ir::Quantization{} : list.per_tensor();
    list.add(op, BinaryAttrs{}, {list.s8(s.a, q), list.s8(s.b, q)}, {list.s8({}, q)});
  });
  std::vector<float> ends = {NAN, INFINITY, -INFINITY, 1, 3e38f, 0x1p-140f};
  list.add(op, BinaryAttrs{}, {special(list, {6}, ends), special(list, {6, 1}, ends)},
           {result(Type::float32)})
      .tolerance = 0;
}

}  // namespace mote::test
