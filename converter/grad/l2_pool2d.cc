#include "grad/rule.h"

namespace mote {

// y = sqrt(mean of x^2), so dx = x * (the mean's gradient of dy / y), and 0 where y is.
void gradient_l2_pool2d(GradientCall& c) {
  auto a = c.node.attrs<Pool2dAttrs>();
  ir::ValueId dy = c.dy_before(a.activation), y = c.out();
  if (a.activation != kMoteActivationNone) {
    a.activation = kMoteActivationNone;
    y = c.g.node(op_code::l2_pool2d, a, {c.in(0)});
  }
  // Far below every square root of a mean of squares that float32 holds.
  y = c.g.node(op_code::maximum, BinaryAttrs{}, {y, c.g.scalar(1e-30F)});
  ir::ValueId share = c.g.node(op_code::div, BinaryAttrs{}, {dy, y});
  c.set(0, c.g.mul(c.in(0), c.g.node(op_code::avg_pool2d_grad, a, {share, c.in(0)})));
}

}  // namespace mote
