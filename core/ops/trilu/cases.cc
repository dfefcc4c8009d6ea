#include "ops/movement_cases.h"

namespace mote::test {

void trilu_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int i = 0; i < 60; ++i) {
      int32_t rank = list.integer(2, 5);
      TriluAttrs a = {list.integer(0, 1), list.integer(-7, 7)};
      if (i == 0) a.diagonal = INT32_MAX;
      if (i == 1) a.diagonal = INT32_MIN;
      Operand x = moved_operand(list, type, list.shape(rank, 6));
      x.quantization = {};
      list.add(op_code::trilu, a, {x}, {x});
    }
    Operand x = moved_operand(list, type, {3, 130, 140});
    x.quantization = {};
    list.add(op_code::trilu, TriluAttrs{1, 1}, {x}, {x});
  }
}

}  // namespace mote::test
