#include "grad/elementwise.h"

namespace mote {

void gradient_div(GradientCall& c) {
  ElementwiseNodes e{c.g};
  ir::ValueId a = c.in(0), b = c.in(1);
  ir::ValueId da = e.div(c.dy_before(c.node.attrs<BinaryAttrs>().activation), b);
  if (c.wants(0)) c.set(0, c.g.sum_to(da, a));
  if (c.wants(1)) c.set(1, c.g.sum_to(c.g.scale(c.g.mul(da, e.div(a, b)), -1), b));
}

}  // namespace mote
