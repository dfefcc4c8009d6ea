#include "grad/rule.h"

namespace mote {

void gradient_sub(GradientCall& c) {
  ir::ValueId dy = c.dy_before(c.node.attrs<BinaryAttrs>().activation);
  if (c.wants(0)) c.set(0, c.g.sum_to(dy, c.in(0)));
  if (c.wants(1)) c.set(1, c.g.scale(c.g.sum_to(dy, c.in(1)), -1));
}

}  // namespace mote
