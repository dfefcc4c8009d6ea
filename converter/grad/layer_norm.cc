#include "grad/normalize.h"

namespace mote {

// With n = (x - mean) * r and r = 1 / sqrt(variance + epsilon): y = n * scale + bias,
// dn = dy * scale, dx = r * (dn - mean(dn) - n * mean(dn * n)).
void gradient_layer_norm(GradientCall& c) {
  Builder& g = c.g;
  auto attrs = c.node.attrs<NormalizeAttrs>();
  ir::ValueId x = c.in(0), dy = c.dy[0];
  ir::ValueId n = g.node(op_code::layer_norm, attrs, {x});
  if (c.wants(1)) c.set(1, g.sum_to(g.mul(dy, n), c.in(1)));
  if (c.wants(2)) c.set(2, g.sum_to(dy, c.in(2)));
  if (!c.wants(0)) return;
  const std::vector<int32_t> axes = last_axes(g, x, attrs.axis_count);
  ir::ValueId r = inverse_root(g, g.sub(x, mean_of(g, x, axes)), axes, attrs.epsilon);
  bool scaled = c.node.inputs.size() > 1 && c.in(1) != ir::kNone;
  ir::ValueId dn = scaled ? g.mul(dy, c.in(1)) : dy;
  ir::ValueId along = g.mul(n, mean_of(g, g.mul(dn, n), axes));
  c.set(0, g.mul(r, g.sub(g.sub(dn, mean_of(g, dn, axes)), along)));
}

}  // namespace mote
