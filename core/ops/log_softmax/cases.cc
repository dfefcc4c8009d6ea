#include "ops/normalize_cases.h"

namespace mote::test {

void log_softmax_cases(CaseList& list) {
  for (int i = 0; i < 64; ++i) {
    SoftmaxAttrs attrs{i % 3 == 0 ? 1.0f : list.real(0.1f, 4)};
    double size = i % 4 == 0 ? 200 : 5;
    list.add(op_code::log_softmax, attrs, {list.f32(draw_rows(list, i), -size, size)},
             {list.f32({})});
  }
}

}  // namespace mote::test
