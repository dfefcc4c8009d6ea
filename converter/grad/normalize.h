// What the rules of layer_norm, rms_norm and group_norm share.
#pragma once

#include <numeric>

#include "grad/rule.h"

namespace mote {

// Over `axes`, which stay with size 1.
inline ir::ValueId mean_of(Builder& g, ir::ValueId x, const std::vector<int32_t>& axes) {
  float count = 1;
  for (int32_t axis : axes) count *= static_cast<float>(g.shape(x).dims[axis].max);
  return g.scale(g.sum(x, axes, true), 1 / count);
}

// 1 / sqrt(mean of squares of x + epsilon)
inline ir::ValueId inverse_root(Builder& g, ir::ValueId x, const std::vector<int32_t>& axes,
                                float epsilon) {
  ir::ValueId squares = mean_of(g, g.mul(x, x), axes);
  return g.node(op_code::math, MathAttrs{kMoteRsqrt},
                {g.add(squares, g.constant(ir::shape_of({}), epsilon))});
}

// The last `count` dimensions of x.
inline std::vector<int32_t> last_axes(Builder& g, ir::ValueId x, int32_t count) {
  std::vector<int32_t> axes(static_cast<size_t>(count));
  std::iota(axes.begin(), axes.end(), g.shape(x).rank - count);
  return axes;
}

}  // namespace mote
