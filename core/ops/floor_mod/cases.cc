#include <cmath>

#include "ops/pair_cases.h"

namespace mote::test {
namespace {

void add(CaseList& list, int32_t truncate, const Operand& a, const Operand& b, Type type) {
  list.add(op_code::floor_mod, ModuloAttrs{truncate}, {a, b}, {result(type)}).tolerance = 0;
}

}  // namespace

void floor_mod_cases(CaseList& list) {
  for (int32_t truncate : {0, 1}) {
    for_pairs(list, [&](const PairShapes& s) {
      add(list, truncate, lattice(list, s.a, 0.25f, 90), lattice(list, s.b, 0.25f, 60),
          Type::float32);
    });
    for (Type type : {Type::int32, Type::int64}) {
      for_pairs(list, [&](const PairShapes& s) {
        Operand b = list.coin() ? wide(list, type, s.b) : list.ints(type, s.b, -9, 9);
        add(list, truncate, list.coin() ? wide(list, type, s.a) : list.ints(type, s.a, -99, 99), b,
            type);
      });
      add(list, truncate, list.ints(type, {4, 30}, 0, 0).extreme(), list.ints(type, {30}, -1, 1),
          type);
    }
    add(list, truncate, special(list, {6}, {1, -1, 0, INFINITY, NAN, 3e38f}),
        special(list, {6, 1}, {0, INFINITY, -INFINITY, NAN, 3, -3}), Type::float32);
  }
}

}  // namespace mote::test
