#include "grad/normalize.h"

namespace mote {

// With n = x * r and r = 1 / sqrt(mean of squares + epsilon): y = n * scale, dn = dy * scale,
// dx = r * (dn - n * mean(dn * n)).
void gradient_rms_norm(GradientCall& c) {
  Builder& g = c.g;
  auto attrs = c.node.attrs<NormalizeAttrs>();
  ir::ValueId x = c.in(0), dy = c.dy[0];
  ir::ValueId n = g.node(op_code::rms_norm, attrs, {x});
  if (c.wants(1)) c.set(1, g.sum_to(g.mul(dy, n), c.in(1)));
  if (!c.wants(0)) return;
  const std::vector<int32_t> axes = last_axes(g, x, attrs.axis_count);
  ir::ValueId r = inverse_root(g, x, axes, attrs.epsilon);
  bool scaled = c.node.inputs.size() > 1 && c.in(1) != ir::kNone;
  ir::ValueId dn = scaled ? g.mul(dy, c.in(1)) : dy;
  c.set(0, g.mul(r, g.sub(dn, g.mul(n, mean_of(g, g.mul(dn, n), axes)))));
}

}  // namespace mote
