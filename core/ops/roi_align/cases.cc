#include "ops/case.h"

namespace mote::test {

void roi_align_cases(CaseList& list) {
  for (int i = 0; i < 72; ++i) {
    RoiAlignAttrs a{};
    a.out_h = list.integer(1, 5);
    a.out_w = list.integer(1, 5);
    a.mode = i % 2;
    a.sampling_ratio = i / 2 % 3;
    a.half_pixel = i / 6 % 2;
    a.spatial_scale = i % 5 == 0 ? 0.5F : 1.0F;
    const int32_t n = 4 - i % 4, boxes = list.integer(1, 6);
    Operand x = list.f32({n, list.integer(1, 9), list.integer(1, 9), list.integer(1, 7)});
    // Some reach over the edges, some are turned around.
    Operand corners = list.f32({boxes, 4}, -3, 12);
    Operand batch = list.ints(list.coin() ? Type::int32 : Type::int64, {boxes}, 0, n - 1);
    list.add(op_code::roi_align, a, {x, corners, batch}, {list.f32({})}).tolerance = 1e-4;
  }
  RoiAlignAttrs a{7, 7, kMoteRoiAverage, 0, 1, 0.25F};
  list.add(op_code::roi_align, a,
           {list.f32({2, 30, 40, 16}), list.f32({9, 4}, 0, 120), list.ints(Type::int32, {9}, 0, 1)},
           {list.f32({})})
      .tolerance = 1e-4;
}

}  // namespace mote::test
