#include "grad/batch_norm.h"

namespace mote {

// multiplier m = scale * r, offset = bias - mean * m, r = (variance + epsilon)^(-1/2).
void gradient_batch_norm_fold(GradientCall& c) {
  Builder& g = c.g;
  ir::ValueId scale = c.in(0), mean = c.in(2), d_offset = c.dy[1];
  ir::ValueId dm = c.dy[0];
  if (d_offset != ir::kNone) {
    ir::ValueId through = g.scale(g.mul(d_offset, mean), -1);
    dm = dm == ir::kNone ? through : g.add(dm, through);
    if (c.wants(1)) c.set(1, d_offset);
    if (c.wants(2)) c.set(2, g.scale(g.mul(d_offset, c.out(0)), -1));
  }
  if (!c.wants(0) && !c.wants(3)) return;
  ir::ValueId r = inverse_std(g, c.in(3), c.node.attrs<BatchNormAttrs>());
  if (c.wants(0)) c.set(0, g.mul(dm, r));
  // dr = -r^3 / 2 of the variance.
  if (c.wants(3)) c.set(3, g.scale(g.mul(g.mul(dm, scale), g.mul(g.mul(r, r), r)), -0.5f));
}

}  // namespace mote
