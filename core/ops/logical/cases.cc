#include "ops/pair_cases.h"

namespace mote::test {
namespace {

void add(CaseList& list, int32_t kind, const Operand& a, const Operand& b) {
  bool unary = kind == kMoteLogicalNot || kind == kMoteBitwiseNot;
  std::vector<Operand> inputs = {a};
  if (!unary) inputs.push_back(b);
  list.add(op_code::logical, LogicalAttrs{kind}, inputs, {result(a.type)});
}

}  // namespace

void logical_cases(CaseList& list) {
  int32_t kind = 0;
  for_pairs(list, [&](const PairShapes& s) {
    kind = (kind + 1) % 4;
    add(list, kind, list.ints(Type::boolean, s.a, 0, 2), list.ints(Type::boolean, s.b, 0, 2));
  });
  for (Type type : {Type::int32, Type::int64})
    for_pairs(list, [&](const PairShapes& s) {
      kind = kMoteBitwiseAnd + (kind + 1) % 6;
      // Shifts by less than nothing and by more than there are bits give 0.
      bool shift = kind >= kMoteShiftLeft;
      add(list, kind, wide(list, type, s.a),
          shift ? list.ints(type, s.b, -2, 66) : wide(list, type, s.b));
    });
}

}  // namespace mote::test
