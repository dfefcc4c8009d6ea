#include "grad/rule.h"

namespace mote {

void gradient_gather_nd(GradientCall& c) {
  if (c.node.attrs<GatherNdAttrs>().batch_dims != 0) {
    c.failure = "not yet written: batch dimensions";
    return;
  }
  ir::ValueId zeros = c.g.broadcast_like(c.g.constant(ShapeBounds{}, 0), c.in(0));
  ScatterAttrs add{0, kMoteScatterAdd};
  c.set(0, c.g.node(op_code::scatter_nd, add, {zeros, c.in(1), c.dy[0]}));
}

}  // namespace mote
