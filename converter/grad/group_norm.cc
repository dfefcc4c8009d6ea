#include "grad/normalize.h"

namespace mote {

// As layer_norm over places and a group's channels: x as [samples, places, groups, channels].
void gradient_group_norm(GradientCall& c) {
  Builder& g = c.g;
  auto attrs = c.node.attrs<NormalizeAttrs>();
  ir::ValueId x = c.in(0), dy = c.dy[0];
  ir::ValueId n = g.node(op_code::group_norm, attrs, {x});
  if (c.wants(1)) c.set(1, g.sum_to(g.mul(dy, n), c.in(1)));
  if (c.wants(2)) c.set(2, g.sum_to(dy, c.in(2)));
  if (!c.wants(0)) return;
  const std::vector<int32_t> dims = g.dims(x);
  int32_t places = 1;
  for (size_t i = 1; i + 1 < dims.size(); ++i) places *= dims[i];
  const std::vector<int32_t> grouped = {dims.front(), places, attrs.groups,
                                        dims.back() / attrs.groups};
  const std::vector<int32_t> axes = {1, 3};
  bool scaled = c.node.inputs.size() > 1 && c.in(1) != ir::kNone;
  ir::ValueId dn = g.reshape(scaled ? g.mul(dy, c.in(1)) : dy, grouped);
  ir::ValueId xs = g.reshape(x, grouped), ns = g.reshape(n, grouped);
  ir::ValueId r = inverse_root(g, g.sub(xs, mean_of(g, xs, axes)), axes, attrs.epsilon);
  ir::ValueId along = g.mul(ns, mean_of(g, g.mul(dn, ns), axes));
  ir::ValueId dx = g.mul(r, g.sub(g.sub(dn, mean_of(g, dn, axes)), along));
  c.set(0, g.reshape(dx, dims));
}

}  // namespace mote
