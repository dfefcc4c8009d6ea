#include "ops/weighted_cases.h"

namespace mote::test {
namespace {

void depthwise_case(CaseList& list, WeightedKind kind, int i) {
  DepthwiseConv2dAttrs a{};
  a.multiplier = i % 4 == 3 ? list.integer(2, 5) : 1;
  // 8 and 16 have code of their own; most others leave a rest.
  const int32_t typical[] = {8, 16, 32, 48};
  int32_t channels = i % 4 == 1 ? typical[list.integer(0, 3)] : list.integer(1, 75);
  int32_t outputs = channels * a.multiplier;
  int32_t kh = list.integer(1, 5), kw = list.integer(1, 5);
  WeightedShapes s = {{list.integer(1, 2), 0, 0, channels},
                      {1, 0, 0, outputs},
                      {0, 0, 0, outputs},
                      outputs,
                      3,
                      kh * kw};
  draw_window(list, &a, &s, kh, kw, 9);
  add_weighted_case(list, op_code::depthwise_conv2d, a, s, kind);
}

}  // namespace

void depthwise_conv2d_cases(CaseList& list) {
  for (WeightedKind kind : kWeightedKinds)
    for (int i = 0; i < 64; ++i) depthwise_case(list, kind, i);
}

}  // namespace mote::test
