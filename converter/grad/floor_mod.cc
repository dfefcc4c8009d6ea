#include "grad/elementwise.h"

namespace mote {

// a - b * quotient, of which the whole quotient is constant.
void gradient_floor_mod(GradientCall& c) {
  ElementwiseNodes e{c.g};
  Builder& g = c.g;
  ir::ValueId a = c.in(0), b = c.in(1);
  if (c.wants(0)) c.set(0, g.sum_to(c.dy[0], a));
  if (!c.wants(1)) return;
  bool truncate = c.node.attrs<ModuloAttrs>().truncate != 0;
  ir::ValueId quotient = e.math(truncate ? kMoteTrunc : kMoteFloor, e.div(a, b));
  c.set(1, g.sum_to(g.scale(g.mul(c.dy[0], quotient), -1), b));
}

}  // namespace mote
