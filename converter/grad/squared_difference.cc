#include "grad/elementwise.h"

namespace mote {

void gradient_squared_difference(GradientCall& c) {
  Builder& g = c.g;
  ir::ValueId da = g.scale(g.mul(c.dy[0], g.sub(c.in(0), c.in(1))), 2);
  if (c.wants(0)) c.set(0, g.sum_to(da, c.in(0)));
  if (c.wants(1)) c.set(1, g.scale(g.sum_to(da, c.in(1)), -1));
}

}  // namespace mote
