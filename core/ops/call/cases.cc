#include "ops/control_cases.h"
#include "ops/movement_cases.h"

namespace mote::test {

void call_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int i = 0; i < 60; ++i) {
      Operand x = moved_operand(list, type, list.shape(list.integer(0, 4), 6));
      Case& c = list.add(op_code::call, ControlAttrs{}, {x}, {like(x)});
      c.graphs = {reversed(x, "called")};
    }
  }
}

}  // namespace mote::test
