#include "ops/backward_cases.h"

namespace mote::test {

void depthwise_conv2d_input_grad_cases(CaseList& list) {
  for (int i = 0; i < 96; ++i) {
    DrawnConv<DepthwiseConv2dAttrs> d = draw_depthwise_conv2d(list, i);
    const WeightedShapes& s = d.shapes;
    Operand weights = grad_operand(list, s.weights, i);
    if (list.coin()) weights.kind = TensorKind::constant;
    Case& c =
        list.add(op_code::depthwise_conv2d_input_grad, d.attributes,
                 {grad_operand(list, s.y, i), std::move(weights), list.f32(s.x)}, {list.f32(s.x)});
    c.tolerance = sum_tolerance(taps_of(s) * d.attributes.multiplier);
  }
}

}  // namespace mote::test
