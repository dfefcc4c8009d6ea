#include "grad/rule.h"

namespace mote {

// The operator is the input's gradient of a convolution, so x and y change their roles: dx is that
// convolution of dy, and dy takes the place of its input in the weights' gradient.
void gradient_transpose_conv2d(GradientCall& c) {
  auto a = c.node.attrs<Conv2dAttrs>();
  ir::ValueId x = c.in(0), weights = c.in(1), dy = c.dy_before(a.activation);
  a.activation = kMoteActivationNone;
  if (c.wants(1)) c.set(1, c.g.node(op_code::conv2d_weight_grad, a, {dy, x, weights}));
  if (c.wants(2)) c.set(2, c.g.sum_to_channels(dy));
  if (c.wants(0)) c.set(0, c.g.node(op_code::conv2d, a, {dy, weights}));
}

}  // namespace mote
