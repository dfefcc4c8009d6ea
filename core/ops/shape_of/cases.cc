#include "ops/movement_cases.h"

namespace mote::test {

void shape_of_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int i = 0; i < 50; ++i) {
      Operand x = moved_operand(list, type, list.shape(list.integer(1, 6), 5));
      Type sizes = list.coin() ? Type::int32 : Type::int64;
      list.add(op_code::shape_of, {}, {x}, {list.ints(sizes, {}, 0, 0)});
    }
  }
}

}  // namespace mote::test
