#include "grad/rule.h"

namespace mote {

// The weights' gradient first: with it x is read for the last time.
void gradient_depthwise_conv2d(GradientCall& c) {
  auto a = c.node.attrs<DepthwiseConv2dAttrs>();
  ir::ValueId x = c.in(0), weights = c.in(1), dy = c.dy_before(a.activation);
  a.activation = kMoteActivationNone;
  if (c.wants(1)) c.set(1, c.g.node(op_code::depthwise_conv2d_weight_grad, a, {x, dy, weights}));
  if (c.wants(2)) c.set(2, c.g.sum_to_channels(dy));
  if (c.wants(0)) c.set(0, c.g.node(op_code::depthwise_conv2d_input_grad, a, {dy, weights, x}));
}

}  // namespace mote
