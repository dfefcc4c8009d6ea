#include "ops/backward_cases.h"

namespace mote::test {
namespace {

// Whether the smallest size that yields these places is positive.
bool has_smallest(const Conv2dAttrs& a, const WeightedShapes& s) {
  int32_t h = (s.y[1] - 1) * a.stride_h + (s.weights[1] - 1) * a.dilation_h + 1;
  int32_t w = (s.y[2] - 1) * a.stride_w + (s.weights[2] - 1) * a.dilation_w + 1;
  return h > a.pad_top + a.pad_bottom && w > a.pad_left + a.pad_right;
}

void transpose_conv2d_case(CaseList& list, int i) {
  DrawnConv<Conv2dAttrs> d = draw_conv2d(list, i);
  const WeightedShapes& s = d.shapes;
  d.attributes.activation = list.integer(kMoteActivationNone, kMoteActivationReluN1To1);
  Operand weights = grad_operand(list, s.weights, i);
  if (list.coin()) weights.kind = TensorKind::constant;
  Operand bias = list.coin() ? list.f32({s.x[3]}) : CaseList::none();
  if (list.coin()) bias.kind = TensorKind::constant;
  bool sized = list.coin() || !has_smallest(d.attributes, s);
  Case& c = list.add(op_code::transpose_conv2d, d.attributes,
                     {grad_operand(list, s.y, i), std::move(weights), std::move(bias),
                      CaseList::none(), sized ? list.f32(s.x) : CaseList::none()},
                     {list.f32(s.x)});
  c.tolerance = sum_tolerance(taps_of(s) * s.weights[0] / d.attributes.groups);
}

}  // namespace

void transpose_conv2d_cases(CaseList& list) {
  for (int i = 0; i < 128; ++i) transpose_conv2d_case(list, i);
}

}  // namespace mote::test
