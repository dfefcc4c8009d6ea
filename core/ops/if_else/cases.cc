#include "ops/control_cases.h"
#include "ops/movement_cases.h"

namespace mote::test {

void if_else_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int i = 0; i < 60; ++i) {
      Operand x = moved_operand(list, type, list.shape(list.integer(0, 4), 6));
      Operand condition = list.ints(Type::boolean, {}, 0, 1);
      if (list.coin()) condition.shape = {1};
      if (list.coin()) x.kind = TensorKind::constant;
      Case& c = list.add(op_code::if_else, ControlAttrs{}, {condition, x}, {like(x)});
      c.graphs = {reversed(x, "then"), copied(x, "else")};
    }
  }
}

}  // namespace mote::test
