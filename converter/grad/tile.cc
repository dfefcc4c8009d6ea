#include "grad/rule.h"

namespace mote {

// The copies add up, one dimension after the other.
void gradient_tile(GradientCall& c) {
  auto a = c.node.attrs<SizesAttrs>();
  ir::ValueId dx = c.dy[0];
  const std::vector<int32_t> x = c.g.dims(c.in(0));
  for (int32_t i = 0; i < a.count; ++i) {
    if (a.sizes[i] == 1) continue;
    std::vector<int32_t> dims = c.g.dims(dx);
    const auto axis = static_cast<size_t>(i);
    int32_t before = 1, after = 1;
    for (size_t d = 0; d < dims.size(); ++d) {
      if (d < axis) before *= dims[d];
      if (d > axis) after *= dims[d];
    }
    dx = c.g.reshape(dx, {before, a.sizes[i], x[axis] * after});
    dims[axis] = x[axis];
    dx = c.g.reshape(c.g.sum(dx, {1}, false), dims);
  }
  c.set(0, dx);
}

}  // namespace mote
