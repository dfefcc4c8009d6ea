#include "grad/rule.h"

namespace mote {

void gradient_add(GradientCall& c) {
  ir::ValueId dy = c.dy_before(c.node.attrs<BinaryAttrs>().activation);
  for (size_t i : {0, 1})
    if (c.wants(i)) c.set(i, c.g.sum_to(dy, c.in(i)));
}

}  // namespace mote
