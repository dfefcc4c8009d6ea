#include "grad/rule.h"

namespace mote {

// dx = beta * y * (dy - sum(y * dy)), the sum over the last axis.
void gradient_softmax(GradientCall& c) {
  Builder& g = c.g;
  ir::ValueId y = c.out(), dy = c.dy[0];
  ir::ValueId sum = g.sum(g.mul(y, dy), {g.shape(y).rank - 1}, true);
  c.set(0, g.scale(g.mul(y, g.sub(dy, sum)), c.node.attrs<SoftmaxAttrs>().beta));
}

}  // namespace mote
