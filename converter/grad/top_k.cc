#include "grad/rule.h"

namespace mote {

// The indices do not change with small steps.
void gradient_top_k(GradientCall& c) {
  if (c.dy[0] == ir::kNone) return;
  auto a = c.node.attrs<TopKAttrs>();
  ir::ValueId zeros = c.g.broadcast_like(c.g.constant(ShapeBounds{}, 0), c.in(0));
  ScatterAttrs add{a.axis, kMoteScatterAdd};
  c.set(0, c.g.node(op_code::scatter_elements, add, {zeros, c.out(1), c.dy[0]}));
}

}  // namespace mote
