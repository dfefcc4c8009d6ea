#include "ops/normalize_cases.h"

namespace mote::test {

void local_response_norm_cases(CaseList& list) {
  for (int i = 0; i < 64; ++i) {
    LocalResponseNormAttrs a{};
    a.before = i % 16 == 3 ? 65535 : list.integer(0, 4);
    a.after = i % 16 == 9 ? 65535 : list.integer(0, 4);
    a.alpha = list.real(0, 0.5f);
    a.beta = list.coin() ? 0.75f : list.real(0.1f, 2);
    a.bias = list.real(0.5f, 2);
    list.add(op_code::local_response_norm, a, {list.f32(draw_rows(list, i), -3, 3)},
             {list.f32({})});
  }
}

}  // namespace mote::test
