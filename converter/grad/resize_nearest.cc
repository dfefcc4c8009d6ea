#include "grad/rule.h"
#include "ops/resize_nearest/nearest.h"

namespace mote {
namespace {

// [m, n]: 1 where output i takes element j.
ir::ValueId choice(GradientCall& c, int32_t n, int32_t m, float scale) {
  auto a = c.node.attrs<ResizeNearestAttrs>();
  resize::Axis axis = resize::make_axis(n, m, a.mode, scale);
  std::vector<float> matrix(static_cast<size_t>(n) * static_cast<size_t>(m));
  for (int32_t i = 0; i < m; ++i)
    matrix[static_cast<size_t>(int64_t{i} * n + resize::nearest_index(axis, a.rounding, i))] = 1;
  return c.g.constant("choice", Type::float32, {m, n}, matrix);
}

}  // namespace

// The transpose of the choice, one axis after the other: an element gathers dy of all outputs that
// took it.
void gradient_resize_nearest(GradientCall& c) {
  auto a = c.node.attrs<ResizeNearestAttrs>();
  std::vector<int32_t> x = c.g.dims(c.in(0)), y = c.g.dims(c.out());
  // Columns: [n * out_h, out_w, c].
  ir::ValueId columns = choice(c, x[2], y[2], a.scale_w);
  ir::ValueId dy = c.g.reshape(c.dy[0], {y[0] * y[1], y[2], y[3]});
  ir::ValueId narrow = c.g.matmul(columns, dy, true, false);
  // Rows: [n, out_h, w * c].
  ir::ValueId rows = choice(c, x[1], y[1], a.scale_h);
  ir::ValueId lines = c.g.reshape(narrow, {y[0], y[1], x[2] * y[3]});
  c.set(0, c.g.reshape(c.g.matmul(rows, lines, true, false), x));
}

}  // namespace mote
