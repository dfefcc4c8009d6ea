#include <algorithm>
#include <cstdlib>

#include "grad/rule.h"

namespace mote {
namespace {

bool has_bit(uint32_t mask, size_t i) { return (mask >> i & 1) != 0; }

// What was taken of a dimension, in ascending order.
struct Taken {
  int32_t first, stride, count;
};

// The index of element 0 of the result (NUMERICS.md, 10.1); shapes are known to be valid.
int32_t begin_of(const StridedSliceAttrs& a, size_t i, int32_t size) {
  if (has_bit(a.begin_mask, i) && !has_bit(a.shrink_mask, i))
    return a.strides[i] > 0 ? 0 : size - 1;
  int32_t begin = a.begin[i] < 0 ? a.begin[i] + size : a.begin[i];
  if (begin < 0) return 0;
  return begin >= size ? size - 1 : begin;
}

std::vector<Taken> taken_of(const StridedSliceAttrs& a, const std::vector<int32_t>& x,
                            const std::vector<int32_t>& y) {
  std::vector<Taken> taken;
  size_t at = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    if (i >= static_cast<size_t>(a.count)) {
      taken.push_back({0, 1, y[at++]});
    } else if (has_bit(a.shrink_mask, i)) {
      taken.push_back({begin_of(a, i, x[i]), 1, 1});
    } else {
      // A stride that is never taken may be any number.
      int32_t count = y[at++], stride = count == 1 ? 1 : a.strides[i];
      int32_t begin = begin_of(a, i, x[i]);
      if (stride < 0) begin += (count - 1) * stride;
      taken.push_back({begin, stride, count});
    }
  }
  return taken;
}

// Zeros between the elements along `axis`: `stride` places for each.
ir::ValueId spread(Builder& g, ir::ValueId v, size_t axis, int32_t stride) {
  std::vector<int32_t> dims = g.dims(v);
  int32_t outer = 1, inner = 1;
  for (size_t i = 0; i < dims.size(); ++i) (i <= axis ? outer : inner) *= dims[i];
  v = g.pad(g.reshape(v, {outer, 1, inner}), {0, 0, 0}, {0, stride - 1, 0});
  dims[axis] *= stride;
  return g.reshape(v, dims);
}

}  // namespace

// What was not taken gets zeros: dropped dimensions come back, reversed ones are turned round,
// zeros go between the elements of a stride and around all.
void gradient_strided_slice(GradientCall& c) {
  Builder& g = c.g;
  auto a = c.node.attrs<StridedSliceAttrs>();
  std::vector<int32_t> x = g.dims(c.in(0)), counts, before, after;
  std::vector<Taken> taken = taken_of(a, x, g.dims(c.out()));
  std::vector<bool> reversed;
  for (const Taken& t : taken) {
    counts.push_back(t.count);
    reversed.push_back(t.stride < 0);
  }
  ir::ValueId d = g.reverse(g.reshape(c.dy[0], counts), reversed);
  for (size_t i = 0; i < taken.size(); ++i)
    if (int32_t stride = std::abs(taken[i].stride); stride > 1) d = spread(g, d, i, stride);
  std::vector<int32_t> size = g.dims(d);
  for (size_t i = 0; i < taken.size(); ++i) {
    size[i] = std::min(size[i], x[i] - taken[i].first);
    before.push_back(taken[i].first);
    after.push_back(x[i] - taken[i].first - size[i]);
  }
  c.set(0, g.pad(g.slice(d, std::vector<int32_t>(size.size(), 0), size), before, after));
}

}  // namespace mote
