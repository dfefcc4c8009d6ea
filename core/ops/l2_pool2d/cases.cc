#include "ops/pool_cases.h"

namespace mote::test {

void l2_pool2d_cases(CaseList& list) {
  for (int i = 0; i < 64; ++i) {
    Pool2dAttrs a = draw_pool(list, op_code::avg_pool2d);
    a.round_half_up = 0;
    int32_t h = a.window_h + list.integer(0, 9), w = a.window_w + list.integer(0, 9);
    add_pool_case(list, op_code::l2_pool2d, Type::float32, a,
                  {list.integer(1, 2), h, w, list.integer(1, 33)}, false);
  }
  Pool2dAttrs global{7, 7, 1, 1, 0, 0, 0, 0, 0, kMoteActivationNone, 0};
  add_pool_case(list, op_code::l2_pool2d, Type::float32, global, {2, 7, 7, 500}, false);
}

}  // namespace mote::test
