#include <cmath>

#include "ops/pair_cases.h"

namespace mote::test {
namespace {

void add(CaseList& list, int32_t kind, const Operand& a, const Operand& b) {
  list.add(op_code::compare, CompareAttrs{kind}, {a, b}, {result(Type::boolean)});
}

}  // namespace

void compare_cases(CaseList& list) {
  int32_t kind = 0;
  auto next = [&] { return kind = (kind + 1) % 6; };
  for_pairs(list, [&](const PairShapes& s) {
    add(list, next(), lattice(list, s.a, 0.25f, 4), lattice(list, s.b, 0.25f, 4));
  });
  for (Type type : {Type::int32, Type::int64})
    for_pairs(list, [&](const PairShapes& s) {
      bool large = list.integer(0, 4) == 0;
      add(list, next(), large ? wide(list, type, s.a) : list.ints(type, s.a, -3, 3),
          large ? wide(list, type, s.b) : list.ints(type, s.b, -3, 3));
    });
  for_pairs(list, [&](const PairShapes& s) {
    ir::Quantization q = list.per_tensor();
    add(list, next(), list.s8(s.a, q), list.s8(s.b, list.coin() ? q : list.per_tensor()));
  });
  for_pairs(list, [&](const PairShapes& s) {
    add(list, next() % 2, list.ints(Type::boolean, s.a, 0, 2), list.ints(Type::boolean, s.b, 0, 2));
  });
  std::vector<float> ends = {NAN, INFINITY, -INFINITY, 0, -0.0f, 1, 0x1p-140f};
  for (int32_t i = 0; i < 6; ++i) {
    add(list, i, special(list, {7}, ends), special(list, {7, 1}, ends));
    // Scales whose ratio is 3: each third value of b has an equal one.
    add(list, i, list.s8({16, 31}, {{0.75f}, {3}, -1}), list.s8({31}, {{0.25f}, {-7}, -1}));
  }
}

}  // namespace mote::test
