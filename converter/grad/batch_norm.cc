#include "grad/batch_norm.h"

namespace mote {

// mean and variance are constants to batch_norm_grad; as operands of their own they get what
// y = (x - mean) * scale * r + bias, r = (variance + epsilon)^(-1/2), gives them.
void gradient_batch_norm(GradientCall& c) {
  auto a = c.node.attrs<BatchNormAttrs>();
  ir::ValueId x = c.in(0), scale = c.in(1), mean = c.in(3);
  ir::ValueId r = inverse_std(c.g, c.in(4), a);
  a.frozen = 1;
  std::vector<ir::ValueId> d =
      c.g.nodes(op_code::batch_norm_grad, a, {c.dy[0], x, scale, mean, r},
                {Type::float32, Type::float32, Type::float32});  // x, scale, bias
  for (size_t i = 0; i < d.size(); ++i)
    if (c.wants(i)) c.set(i, d[i]);
  if (!c.wants(3) && !c.wants(4)) return;
  ir::ValueId multiplier = c.g.mul(scale, r);
  if (c.wants(3)) c.set(3, c.g.scale(c.g.mul(d[2], multiplier), -1));
  if (c.wants(4)) c.set(4, c.g.scale(c.g.mul(d[1], c.g.mul(multiplier, r)), -0.5f));
}

}  // namespace mote
