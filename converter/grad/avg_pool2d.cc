#include "grad/rule.h"

namespace mote {

void gradient_avg_pool2d(GradientCall& c) {
  auto a = c.node.attrs<Pool2dAttrs>();
  ir::ValueId dy = c.dy_before(a.activation);
  a.activation = kMoteActivationNone;
  c.set(0, c.g.node(op_code::avg_pool2d_grad, a, {dy, c.in(0)}));
}

}  // namespace mote
