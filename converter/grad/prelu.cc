#include "grad/elementwise.h"

namespace mote {

void gradient_prelu(GradientCall& c) {
  ElementwiseNodes e{c.g};
  ir::ValueId x = c.in(0), slope = c.in(1), dy = c.dy[0];
  ir::ValueId below = e.compare_to(x, kMoteLess, 0);
  if (c.wants(0)) c.set(0, c.g.sum_to(e.select(below, c.g.mul(dy, slope), dy), x));
  if (c.wants(1)) c.set(1, c.g.sum_to(e.where(below, c.g.mul(dy, x)), slope));
}

}  // namespace mote
