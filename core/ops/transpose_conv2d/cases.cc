#include <utility>

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

// The convolution's shapes with x and y, and the outputs of the weights, exchanged.
void quantized_case(CaseList& list, int i, WeightedKind kind) {
  DrawnConv<Conv2dAttrs> d = draw_conv2d(list, i);
  if (!has_smallest(d.attributes, d.shapes)) return;
  d.attributes.activation = list.integer(kMoteActivationNone, kMoteActivationReluN1To1);
  if (d.attributes.groups > 1 && kind == WeightedKind::s8_per_channel)
    kind = WeightedKind::s8_per_tensor;
  WeightedShapes s = d.shapes;
  std::swap(s.x, s.y);
  s.channels = s.y[3];
  s.axis = 3;
  s.terms = s.weights[0] / d.attributes.groups * s.weights[1] * s.weights[2];
  add_weighted_case(list, op_code::transpose_conv2d, d.attributes, s, kind);
}

}  // namespace

void transpose_conv2d_cases(CaseList& list) {
  for (int i = 0; i < 128; ++i) transpose_conv2d_case(list, i);
  for (int i = 0; i < 64; ++i)
    for (WeightedKind kind : kWeightedKinds)
      if (kind != WeightedKind::f32) quantized_case(list, i, kind);
}

}  // namespace mote::test
