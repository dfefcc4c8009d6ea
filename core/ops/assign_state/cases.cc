#include "ops/movement_cases.h"

namespace mote::test {

void assign_state_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int i = 0; i < 60; ++i) {
      std::vector<int32_t> shape = list.shape(list.integer(0, 6), 6);
      if (i % 20 == 19) shape = {300, 150};
      Operand x = moved_operand(list, type, std::move(shape));
      Operand state = x;
      state.kind = TensorKind::state;
      list.add(op_code::assign_state, ir::Bytes{}, {state, x}, {});
    }
  }
}

}  // namespace mote::test
