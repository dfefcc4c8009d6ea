#include "ops/weighted_cases.h"

namespace mote::test {
namespace {

// Rows, columns and channels around the sizes of blocks, panels and pieces.
void conv2d_case(CaseList& list, WeightedKind kind, bool pointwise, bool large) {
  Conv2dAttrs a{};
  a.groups = list.integer(0, 3) == 0 ? list.integer(2, 4) : 1;
  int32_t channels = list.integer(1, large ? 24 : 9), per_group = list.integer(1, large ? 70 : 20);
  int32_t kh = pointwise ? 1 : list.integer(1, 4), kw = pointwise ? 1 : list.integer(1, 4);
  int32_t outputs = per_group * a.groups;
  WeightedShapes s = {{list.integer(1, 2), 0, 0, channels * a.groups},
                      {outputs, 0, 0, channels},
                      {0, 0, 0, outputs},
                      outputs,
                      0,
                      kh * kw * channels};
  draw_window(list, &a, &s, kh, kw, large ? 21 : 7);
  if (pointwise && list.coin()) {
    a.stride_h = a.stride_w = 1;
    a.pad_top = a.pad_left = a.pad_bottom = a.pad_right = 0;
    s.y = {s.x[0], s.x[1], s.x[2], outputs};
  }
  add_weighted_case(list, op_code::conv2d, a, s, kind);
}

}  // namespace

void conv2d_cases(CaseList& list) {
  for (WeightedKind kind : kWeightedKinds)
    for (int i = 0; i < 64; ++i) conv2d_case(list, kind, i % 4 == 0, i % 8 >= 6 || i % 16 == 4);
}

}  // namespace mote::test
