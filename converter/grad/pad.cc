#include "grad/rule.h"

namespace mote {
namespace {

using ValueId = ir::ValueId;

// The gradient of a border along one dimension, [begin, begin + size) of `dy`, at the elements of x
// that were copied there: `at` is the first of them, `n` the size of x.
struct Border {
  int32_t axis, n, begin, size, at;
  bool mirrored;
};
ValueId border_gradient(Builder& g, ValueId dy, const Border& b) {
  std::vector<int32_t> first(g.dims(dy).size(), 0), size = g.dims(dy);
  const auto axis = static_cast<size_t>(b.axis);
  first[axis] = b.begin;
  size[axis] = b.size;
  ValueId part = g.slice(dy, first, size);
  std::vector<bool> axes(size.size(), false);
  axes[axis] = b.mirrored;
  if (b.mirrored) part = g.reverse(part, axes);
  std::vector<int32_t> before(size.size(), 0), after = before;
  before[axis] = b.at;
  after[axis] = b.n - b.at - b.size;
  return g.pad(part, before, after);
}
// Of a border of equal elements: their sum stands at one place.
ValueId edge_gradient(Builder& g, ValueId dy, const Border& b) {
  std::vector<int32_t> first(g.dims(dy).size(), 0), size = g.dims(dy), before = first;
  const auto axis = static_cast<size_t>(b.axis);
  first[axis] = b.begin;
  size[axis] = b.size;
  ValueId part = g.sum(g.slice(dy, first, size), {b.axis}, true);
  std::vector<int32_t> after = before;
  before[axis] = b.at;
  after[axis] = b.n - b.at - 1;
  return g.pad(part, before, after);
}

// A pad of several dimensions is one of each after the other.
ValueId one_dimension(GradientCall& c, ValueId dy, const PadAttrs& a, int32_t axis, int32_t n) {
  Builder& g = c.g;
  const int32_t before = a.before[axis], after = a.after[axis];
  std::vector<int32_t> first(g.dims(dy).size(), 0), size = g.dims(dy);
  first[static_cast<size_t>(axis)] = before;
  size[static_cast<size_t>(axis)] = n;
  ValueId dx = g.slice(dy, first, size);
  const bool edge = a.mode == kMotePadEdge, mirrored = a.mode != kMotePadWrap;
  const int32_t gap = a.mode == kMotePadReflect ? 1 : 0;
  auto add = [&](int32_t begin, int32_t count, int32_t at) {
    Border b{axis, n, begin, count, at, mirrored};
    dx = g.add(dx, edge ? edge_gradient(g, dy, b) : border_gradient(g, dy, b));
  };
  if (before > 0) add(0, before, edge ? 0 : mirrored ? gap : n - before);
  if (after > 0) add(before + n, after, edge ? n - 1 : mirrored ? n - gap - after : 0);
  return dx;
}

}  // namespace

void gradient_pad(GradientCall& c) {
  auto a = c.node.attrs<PadAttrs>();
  const std::vector<int32_t> x = c.g.dims(c.in(0));
  if (a.mode == kMotePadConstant)
    return c.set(0, c.g.slice(c.dy[0], {a.before, a.before + a.count}, x));
  ValueId dx = c.dy[0];
  for (int32_t i = a.count; i-- > 0;) {
    const int32_t n = x[static_cast<size_t>(i)];
    if (a.mode == kMotePadWrap && (a.before[i] > n || a.after[i] > n)) {
      c.failure = "not yet written: borders that wrap around more than once";
      return;
    }
    if (a.before[i] + a.after[i] > 0) dx = one_dimension(c, dx, a, i, n);
  }
  c.set(0, dx);
}

}  // namespace mote
