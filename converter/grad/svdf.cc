#include "grad/rule.h"

namespace mote {

// Through time weights and features; of the state all but its first features move one back.
void gradient_svdf(GradientCall& c) {
  constexpr size_t kX = 0, kFeature = 1, kTime = 2, kState = 3, kBias = 4;
  Builder& g = c.g;
  const auto a = c.node.attrs<SvdfAttrs>();
  const int32_t filters = g.dims(c.in(kTime))[0], memory = g.dims(c.in(kTime))[1];
  const int32_t batch = g.dims(c.in(kX))[0], units = filters / a.rank;
  auto places = [&](ir::ValueId v) { return g.reshape(v, {batch, filters, memory}); };
  ir::ValueId d = ir::kNone;  // of the new state
  if (c.dy[1] != ir::kNone) d = places(c.dy[1]);
  if (c.dy[0] != ir::kNone) {
    const ir::ValueId dy = c.dy_before(a.activation);
    if (c.wants(kBias)) c.set(kBias, g.sum(dy, {0}, false));
    const ir::ValueId ranks = g.constant(ir::shape_of({1, 1, a.rank}), 1);
    const ir::ValueId each =
        g.reshape(g.mul(g.reshape(dy, {batch, units, 1}), ranks), {batch, filters, 1});
    if (c.wants(kTime)) c.set(kTime, g.sum(g.mul(each, places(c.out(1))), {0}, false));
    const ir::ValueId by_time = g.mul(each, g.reshape(c.in(kTime), {1, filters, memory}));
    d = d == ir::kNone ? by_time : g.add(d, by_time);
  }
  const ir::ValueId feature =
      g.reshape(g.slice(d, {0, 0, memory - 1}, {batch, filters, 1}), {batch, filters});
  if (c.wants(kX)) c.set(kX, g.matmul(feature, c.in(kFeature), false, false));
  if (c.wants(kFeature)) c.set(kFeature, g.matmul(feature, c.in(kX), true, false));
  if (!c.wants(kState) || memory == 1) return;
  const ir::ValueId kept = g.slice(d, {0, 0, 0}, {batch, filters, memory - 1});
  c.set(kState, g.reshape(g.pad(kept, {0, 0, 1}, {0, 0, 0}), {batch, filters * memory}));
}

}  // namespace mote
