#include "ops/case.h"

namespace mote::test {

void mse_cases(CaseList& list) {
  for (int i = 0; i < 64; ++i) {
    std::vector<int32_t> shape = list.shape(list.integer(0, 6), 6);
    if (i % 16 == 15) shape = {3, 5000};  // several tiles
    double size = i % 4 == 0 ? 100 : 1;
    Operand target = list.f32(shape, -size, size);
    if (i % 8 == 5) target.fill = Fill::extreme;
    list.add(op_code::mse, ir::Bytes{}, {list.f32(shape, -size, size), target},
             {list.f32({}), list.f32({})});
  }
}

}  // namespace mote::test
