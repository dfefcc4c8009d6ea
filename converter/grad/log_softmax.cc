#include "grad/rule.h"

namespace mote {

// dx = beta * (dy - softmax(beta * x) * sum(dy)), the sum over the last axis.
void gradient_log_softmax(GradientCall& c) {
  Builder& g = c.g;
  auto attrs = c.node.attrs<SoftmaxAttrs>();
  ir::ValueId share = g.node(op_code::softmax, attrs, {c.in(0)}), dy = c.dy[0];
  ir::ValueId sum = g.sum(dy, {g.shape(dy).rank - 1}, true);
  c.set(0, g.scale(g.sub(dy, g.mul(share, sum)), attrs.beta));
}

}  // namespace mote
