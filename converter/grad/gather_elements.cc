#include "grad/rule.h"

namespace mote {

void gradient_gather_elements(GradientCall& c) {
  ScatterAttrs add{c.node.attrs<GatherElementsAttrs>().axis, kMoteScatterAdd};
  ir::ValueId zeros = c.g.broadcast_like(c.g.constant(ShapeBounds{}, 0), c.in(0));
  c.set(0, c.g.node(op_code::scatter_elements, add, {zeros, c.in(1), c.dy[0]}));
}

}  // namespace mote
