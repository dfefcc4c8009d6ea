#include "ops/normalize_cases.h"

namespace mote::test {

void rms_norm_cases(CaseList& list) {
  for (int i = 0; i < 64; ++i) {
    std::vector<int32_t> shape = draw_rows(list, i);
    NormalizeAttrs attrs{};
    attrs.axis_count = list.coin() ? 1 : list.integer(1, static_cast<int32_t>(shape.size()));
    attrs.epsilon = draw_epsilon(list);
    double low = i % 4 == 0 ? 1 : -2;
    list.add(op_code::rms_norm, attrs,
             {list.f32(shape, low, low + 4), draw_last_axes(list, shape, attrs.axis_count)},
             {list.f32({})});
  }
}

}  // namespace mote::test
