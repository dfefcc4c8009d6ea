#include "grad/rule.h"

namespace mote {

// Without a reduction the places that are written forget x; where indices repeat, only the last
// update stays, and the earlier ones get its gradient too.
void gradient_scatter_elements(GradientCall& c) {
  auto a = c.node.attrs<ScatterAttrs>();
  if (a.reduction > kMoteScatterAdd) {
    c.failure = "not yet written: reductions other than none and add";
    return;
  }
  if (c.wants(0) && a.reduction == kMoteScatterAdd) c.set(0, c.dy[0]);
  if (c.wants(0) && a.reduction == kMoteScatterNone) {
    ir::ValueId zeros = c.g.broadcast_like(c.g.constant(ShapeBounds{}, 0), c.in(2));
    c.set(0, c.g.node(op_code::scatter_elements, a, {c.dy[0], c.in(1), zeros}));
  }
  if (c.wants(2))
    c.set(2, c.g.node(op_code::gather_elements, GatherElementsAttrs{a.axis}, {c.dy[0], c.in(1)}));
}

}  // namespace mote
