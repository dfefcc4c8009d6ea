#include "ops/batch_norm/batch_norm_cases.h"

namespace mote::test {

// The same bits everywhere: scales of quantized weights follow from them.
void batch_norm_fold_cases(CaseList& list) {
  for (int i = 0; i < 60; ++i) {
    std::vector<int32_t> channels = {i == 0 ? 9001 : list.integer(1, 300)};
    list.add(op_code::batch_norm_fold, draw_batch_norm(list),
             {list.f32(channels), list.f32(channels), list.f32(channels, -4, 4),
              list.f32(channels, 0, i % 3 == 0 ? 1e-6 : 4)},
             {list.f32({}), list.f32({})})
        .tolerance = 0;
  }
}

}  // namespace mote::test
