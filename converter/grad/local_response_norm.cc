#include <algorithm>

#include "grad/rule.h"

namespace mote {
namespace {

// [c, c]: column i has ones in the rows that channel i's window takes.
ir::ValueId window_matrix(Builder& g, const LocalResponseNormAttrs& a, int32_t channels) {
  std::vector<float> window(static_cast<size_t>(channels) * static_cast<size_t>(channels));
  for (int32_t i = 0; i < channels; ++i) {
    int32_t last = static_cast<int32_t>(std::min<int64_t>(channels - 1, int64_t{i} + a.after));
    for (int32_t j = std::max(0, i - a.before); j <= last; ++j)
      window[static_cast<size_t>(j) * static_cast<size_t>(channels) + static_cast<size_t>(i)] = 1;
  }
  return g.constant("window", Type::float32, {channels, channels}, window);
}

}  // namespace

// With t = bias + alpha * W(x²), W the sum over windows, and y = x * t^-beta:
// dx = dy * t^-beta - 2 * alpha * beta * x * W'(dy * y / t).
void gradient_local_response_norm(GradientCall& c) {
  Builder& g = c.g;
  auto a = c.node.attrs<LocalResponseNormAttrs>();
  ir::ValueId x = c.in(0), dy = c.dy[0];
  const std::vector<int32_t> dims = g.dims(x);
  std::vector<int32_t> flat = {1, dims.back()};
  for (size_t i = 0; i + 1 < dims.size(); ++i) flat[0] *= dims[i];
  auto over_windows = [&](ir::ValueId v, bool transposed) {
    ir::ValueId window = window_matrix(g, a, dims.back());
    return g.reshape(g.matmul(g.reshape(v, flat), window, false, transposed), dims);
  };
  ir::ValueId t = g.add(g.scale(over_windows(g.mul(x, x), false), a.alpha),
                        g.constant(ir::shape_of({}), a.bias));
  ir::ValueId power =
      g.node(op_code::pow, BinaryAttrs{}, {t, g.constant(ir::shape_of({}), -a.beta)});
  ir::ValueId share = g.node(op_code::div, BinaryAttrs{}, {g.mul(dy, c.out()), t});
  ir::ValueId others = g.scale(g.mul(x, over_windows(share, true)), 2 * a.alpha * a.beta);
  c.set(0, g.sub(g.mul(dy, power), others));
}

}  // namespace mote
