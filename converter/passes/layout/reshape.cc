#include "passes/layout/reshape.h"

#include <algorithm>

namespace mote::layout {
namespace {

// Dimensions of x that become dimensions of y, both in order, none of size 1.
struct Group {
  std::vector<int32_t> from, to;
};

std::vector<int32_t> above_one(const ShapeBounds& s) {
  std::vector<int32_t> out;
  for (int32_t i = 0; i < s.rank; ++i)
    if (s.dims[i].max != 1) out.push_back(i);
  return out;
}

// The product of sizes, where at most one of them is dynamic on either side: then two products are
// equal when they are at both bounds.
struct Product {
  int64_t min = 1, max = 1;
  void times(Dim d) {
    min *= d.min;
    max *= d.max;
  }
  bool operator==(const Product&) const = default;
};

int dynamic_dims(const ShapeBounds& s) {
  return static_cast<int>(
      std::count_if(s.dims, s.dims + s.rank, [](const Dim& d) { return !d.is_static(); }));
}

// The dimensions that a reshape copies by their place, 0 in its attributes, count as known sizes.
bool copies(const ShapeBounds& x, const ReshapeAttrs& a, int32_t from, int32_t to) {
  return from == to && a.shape[to] == 0 && !x.dims[from].is_static();
}

// Further dynamic dimensions than the copied ones: at most one on each side.
bool comparable(const ShapeBounds& x, const ShapeBounds& y, const ReshapeAttrs& a) {
  int copied = 0;
  for (int32_t i = 0; i < std::min(x.rank, y.rank); ++i) copied += copies(x, a, i, i);
  return dynamic_dims(x) - copied <= 1 && dynamic_dims(y) - copied <= 1;
}

std::optional<std::vector<Group>> groups_of(const ShapeBounds& x, const ShapeBounds& y,
                                            const ReshapeAttrs& a) {
  if (!comparable(x, y, a)) return std::nullopt;
  std::vector<int32_t> from = above_one(x), to = above_one(y);
  std::vector<Group> groups;
  size_t i = 0, j = 0;
  while (i < from.size() && j < to.size()) {
    Group g{{from[i]}, {to[j]}};
    Product p, q;
    p.times(x.dims[from[i++]]);
    q.times(y.dims[to[j++]]);
    while (p != q) {
      bool more_from = p.max < q.max || (p.max == q.max && p.min < q.min);
      if (more_from ? i == from.size() : j == to.size()) return std::nullopt;
      int32_t d = more_from ? from[i++] : to[j++];
      (more_from ? p : q).times(more_from ? x.dims[d] : y.dims[d]);
      (more_from ? g.from : g.to).push_back(d);
    }
    bool alone = g.from.size() == 1 && g.to.size() == 1;
    for (int32_t f : g.from)
      for (int32_t t : g.to)
        if (copies(x, a, f, t) && !alone) return std::nullopt;
    groups.push_back(std::move(g));
  }
  if (i != from.size() || j != to.size()) return std::nullopt;
  return groups;
}

// The order of all dimensions as they lie: those in `order`, and each further one (of size 1)
// before the next dimension of its tensor, or behind the one before it at the end.
std::vector<int32_t> with_ones(std::vector<int32_t> order, int32_t rank) {
  for (int32_t d = rank; d-- > 0;) {
    if (std::find(order.begin(), order.end(), d) != order.end()) continue;
    auto next = std::find(order.begin(), order.end(), d + 1);
    if (d + 1 == rank) next = std::find(order.begin(), order.end(), d - 1);
    if (d + 1 == rank && next != order.end()) ++next;
    order.insert(next, d);
  }
  return order;
}

// dims[order[i]] lies at place i; the permutation that leads back.
Permutation back_from(const std::vector<int32_t>& order) {
  Permutation p;
  p.rank = static_cast<int32_t>(order.size());
  for (size_t i = 0; i < order.size(); ++i) p[order[i]] = static_cast<int32_t>(i);
  return p;
}

// Whether two layouts of a tensor differ in dimensions of size 1 alone.
bool same_order(const ShapeBounds& shape, const Permutation& p, const Permutation& q) {
  return keeps_order(apply(shape, inverse(p)), then(p, inverse(q)));
}

// The sizes of `shape`, of a reshape of `x`.
bool sizes(const ShapeBounds& x, const ShapeBounds& shape, const std::vector<int32_t>& copied_from,
           ReshapeAttrs* out) {
  *out = {};
  out->count = shape.rank;
  int inferred = 0;
  for (int32_t i = 0; i < shape.rank; ++i) {
    Dim d = shape.dims[i];
    bool in_place = copied_from[static_cast<size_t>(i)] == i && i < x.rank;
    out->shape[i] = d.is_static() ? d.max : in_place ? 0 : -1;
    inferred += out->shape[i] == -1;
  }
  return inferred <= 1;
}

std::vector<int32_t> places(const std::vector<Group>& groups, const Permutation& held,
                            std::vector<size_t>* group_order) {
  group_order->resize(groups.size());
  for (size_t i = 0; i < groups.size(); ++i) (*group_order)[i] = i;
  auto first = [&](size_t g) {
    int32_t place = held.rank;
    for (int32_t d : groups[g].from) place = std::min(place, held[d]);
    return place;
  };
  std::sort(group_order->begin(), group_order->end(),
            [&](size_t a, size_t b) { return first(a) < first(b); });
  std::vector<int32_t> order;
  for (size_t g : *group_order)
    order.insert(order.end(), groups[g].from.begin(), groups[g].from.end());
  return order;
}

}  // namespace

std::optional<MovedReshape> move_reshape(const ShapeBounds& x, const ShapeBounds& y,
                                         const ReshapeAttrs& a, const Permutation& held,
                                         const std::vector<Permutation>& wanted) {
  auto groups = groups_of(x, y, a);
  if (!groups) return std::nullopt;
  MovedReshape m{};
  std::vector<size_t> group_order;
  m.in = back_from(with_ones(places(*groups, held, &group_order), x.rank));
  if (same_order(x, held, m.in)) m.in = held;
  std::vector<int32_t> order;
  for (size_t g : group_order)
    order.insert(order.end(), (*groups)[g].to.begin(), (*groups)[g].to.end());
  m.out = back_from(with_ones(std::move(order), y.rank));
  // What needs no transpose is the best choice, then what is asked for.
  if (same_order(y, m.out, identity(y.rank))) {
    m.out = identity(y.rank);
  } else {
    for (const Permutation& w : wanted)
      if (w.rank == y.rank && same_order(y, m.out, w)) m.out = w;
  }
  m.shape = apply(y, inverse(m.out));
  // Places of the operand that have the same size whatever the dynamic dimensions are.
  std::vector<int32_t> copied(static_cast<size_t>(y.rank), -1);
  for (const Group& g : *groups)
    if (g.from.size() == 1 && g.to.size() == 1)
      copied[static_cast<size_t>(m.out[g.to[0]])] = m.in[g.from[0]];
  if (!sizes(apply(x, inverse(m.in)), m.shape, copied, &m.attributes)) return std::nullopt;
  return m;
}

}  // namespace mote::layout
