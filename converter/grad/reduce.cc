#include "grad/rule.h"

namespace mote {

// Each term gets the sum's gradient; of a mean, divided by the number of terms.
void gradient_reduce(GradientCall& c) {
  auto a = c.node.attrs<ReduceAttrs>();
  std::vector<int32_t> kept = c.g.dims(c.in(0));
  float terms = 1;
  for (int32_t i = 0; i < a.axis_count; ++i) {
    int32_t& dim = kept[static_cast<size_t>(a.axes[i])];
    terms *= static_cast<float>(dim);
    dim = 1;
  }
  ir::ValueId dy = c.g.reshape(c.dy[0], kept);
  if (a.kind == kMoteReduceMean) dy = c.g.scale(dy, 1 / terms);
  c.set(0, c.g.broadcast_like(dy, c.in(0)));
}

}  // namespace mote
