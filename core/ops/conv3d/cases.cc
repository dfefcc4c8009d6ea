#include "ops/backward_cases.h"

namespace mote::test {
namespace {

// Sizes of one axis: the input's for `places` results.
int32_t input_size(CaseList& list, int32_t places, int32_t window, int32_t stride, int32_t dilation,
                   int32_t pads) {
  return window_input(places, window, stride, dilation, pads) + list.integer(0, 1);
}

void conv3d_case(CaseList& list, int i) {
  Conv3dAttrs a{};
  int32_t k[3], s[3], d[3], p[6], x[3];
  for (int n = 0; n < 3; ++n) {
    k[n] = list.integer(1, 3);
    s[n] = list.integer(1, 3);
    d[n] = list.integer(1, 2);
    p[n] = list.integer(0, 2);
    p[n + 3] = list.integer(0, 2);
    x[n] = input_size(list, list.integer(1, 5), k[n], s[n], d[n], p[n] + p[n + 3]);
  }
  a.groups = i % 4 == 0 ? list.integer(2, 3) : 1;
  a = {s[0],     s[1],
       s[2],     d[0],
       d[1],     d[2],
       p[0],     p[1],
       p[2],     p[3],
       p[4],     p[5],
       a.groups, list.integer(kMoteActivationNone, kMoteActivationReluN1To1)};
  int32_t depth = list.integer(1, 5), outputs = list.integer(1, 6) * a.groups;
  Operand weights = list.f32({outputs, k[0], k[1], k[2], depth});
  if (list.coin()) weights.kind = TensorKind::constant;
  Operand bias = list.coin() ? list.f32({outputs}) : CaseList::none();
  Case& c = list.add(op_code::conv3d, a,
                     {list.f32({list.integer(1, 2), x[0], x[1], x[2], depth * a.groups}),
                      std::move(weights), std::move(bias)},
                     {list.f32({})});
  c.tolerance = sum_tolerance(k[0] * k[1] * k[2] * depth);
}

}  // namespace

void conv3d_cases(CaseList& list) {
  for (int i = 0; i < 80; ++i) conv3d_case(list, i);
}

}  // namespace mote::test
