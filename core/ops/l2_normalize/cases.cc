#include "ops/normalize_cases.h"

namespace mote::test {

void l2_normalize_cases(CaseList& list) {
  for (int i = 0; i < 64; ++i) {
    NormalizeAttrs attrs{};
    attrs.epsilon = i % 8 == 1 ? 0 : draw_epsilon(list);
    // Norms below epsilon too, and rows of zeros.
    double size = i % 4 == 0 ? 1e-3 : i % 8 == 1 ? 0 : 3;
    list.add(op_code::l2_normalize, attrs, {list.f32(draw_rows(list, i), -size, size)},
             {list.f32({})});
  }
}

}  // namespace mote::test
