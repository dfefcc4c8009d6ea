#include "grad/rule.h"

namespace mote {
namespace {

// [..., n] as [rows, n].
ir::ValueId as_matrix(Builder& g, ir::ValueId v) {
  std::vector<int32_t> dims = g.dims(v);
  int32_t rows = 1;
  for (size_t i = 0; i + 1 < dims.size(); ++i) rows *= dims[i];
  return g.reshape(v, {rows, dims.back()});
}

}  // namespace

// The weights' gradient first: with it x is read for the last time.
void gradient_fully_connected(GradientCall& c) {
  Builder& g = c.g;
  ir::ValueId x = c.in(0), weights = c.in(1);
  ir::ValueId dy = as_matrix(g, c.dy_before(c.node.attrs<FullyConnectedAttrs>().activation));
  if (c.wants(1)) c.set(1, g.matmul(dy, as_matrix(g, x), true, false));
  if (c.wants(2)) c.set(2, g.sum_to_channels(dy));
  if (c.wants(0)) c.set(0, g.reshape_like(g.matmul(dy, weights, false, false), x));
}

}  // namespace mote
