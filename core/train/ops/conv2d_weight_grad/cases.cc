#include "ops/backward_cases.h"

namespace mote::test {

void conv2d_weight_grad_cases(CaseList& list) {
  for (int i = 0; i < 96; ++i) {
    DrawnConv<Conv2dAttrs> d = draw_conv2d(list, i);
    const WeightedShapes& s = d.shapes;
    Case& c =
        list.add(op_code::conv2d_weight_grad, d.attributes,
                 {grad_operand(list, s.x, i), grad_operand(list, s.y, i), list.f32(s.weights)},
                 {list.f32(s.weights)});
    c.tolerance = sum_tolerance(places_of(s));
  }
}

}  // namespace mote::test
