// Operators that repeat, reverse, sum up and pick elements.
#include <algorithm>

#include "grad/cases.h"
#include "ir/op_view.h"

namespace mote::test {
namespace {

using ir::ValueId;
using Dims = std::vector<int32_t>;

int32_t last_axis(const Dims& s) { return static_cast<int32_t>(s.size()) - 1; }

// Indices along an axis, as many in the others as x has or fewer.
Dims line_shape(GradientCase& c, Dims s, int32_t axis, int32_t most) {
  for (int32_t& n : s) n = c.integer(1, n);
  s[static_cast<size_t>(axis)] = c.integer(1, most);
  return s;
}

}  // namespace

void make_cum_sum_case(GradientCase& c) {
  Dims s = c.shape(c.integer(1, 4));
  CumSumAttrs a{c.integer(0, last_axis(s)), c.integer(0, 1), c.integer(0, 1)};
  c.add(op_code::cum_sum, a, {c.input(s)});
}

void make_trilu_case(GradientCase& c) {
  TriluAttrs a{c.integer(0, 1), c.integer(-3, 3)};
  c.add(op_code::trilu, a, {c.input(c.shape(c.integer(2, 4)))});
}

void make_reverse_case(GradientCase& c) {
  Dims s = c.shape(c.integer(1, 4));
  AxesAttrs a{};
  const int32_t always = c.integer(0, last_axis(s));
  for (int32_t i = 0; i <= last_axis(s); ++i)
    if (i == always || c.coin()) a.axes[a.count++] = i;
  c.add(op_code::reverse, a, {c.input(s)});
}

void make_reverse_sequence_case(GradientCase& c) {
  Dims s = c.shape(c.integer(2, 4));
  const Dims axes = c.permutation(last_axis(s) + 1);
  ReverseSequenceAttrs a{axes[0], axes[1]};
  ValueId lengths =
      c.integers({s[static_cast<size_t>(axes[0])]}, 0, s[static_cast<size_t>(axes[1])]);
  c.add(op_code::reverse_sequence, a, {c.input(s), lengths});
}

void make_tile_case(GradientCase& c) {
  Dims s = c.shape(c.integer(0, 4), 3);
  SizesAttrs a{};
  for (size_t i = 0; i < s.size(); ++i) a.sizes[a.count++] = c.integer(1, 3);
  c.add(op_code::tile, a, {c.input(s)});
}

void make_top_k_case(GradientCase& c) {
  Dims s = c.shape(c.integer(1, 3));
  const int32_t axis = c.integer(0, last_axis(s));
  TopKAttrs a{axis, c.integer(1, s[static_cast<size_t>(axis)]), c.integer(0, 1)};
  // The order does not change with small steps.
  std::vector<double> elements;
  for (int32_t place : c.permutation(static_cast<int32_t>(ir::shape_of(s).max().elements())))
    elements.push_back(0.1 * place);
  ir::Node node;
  node.op = op_code::top_k;
  node.set_attrs(a);
  node.inputs = {c.input(s, elements)};
  for (Type type : {Type::float32, Type::int32}) {
    ir::Value v;
    v.name = "result" + std::to_string(c.graph.values.size());
    v.type = type;
    node.outputs.push_back(c.graph.add_value(std::move(v)));
  }
  // A case that is refused has no loss and fails.
  if (ir::infer_node(c.graph, node).ok()) c.graph.nodes.push_back(std::move(node));
}

void make_gather_elements_case(GradientCase& c) {
  Dims s = c.shape(c.integer(1, 4));
  const int32_t axis = c.integer(0, last_axis(s));
  // Indices repeat.
  ValueId indices = c.integers(line_shape(c, s, axis, 5), 0, s[static_cast<size_t>(axis)] - 1);
  c.add(op_code::gather_elements, GatherElementsAttrs{axis}, {c.input(s), indices});
}

void make_gather_nd_case(GradientCase& c) {
  Dims s = c.shape(c.integer(1, 4));
  Dims rows = c.shape(c.integer(0, 2), 3);
  const int32_t depth = c.integer(1, static_cast<int32_t>(s.size()));
  rows.push_back(depth);
  int32_t least = s[0];
  for (int32_t i = 0; i < depth; ++i) least = std::min(least, s[static_cast<size_t>(i)]);
  c.add(op_code::gather_nd, GatherNdAttrs{}, {c.input(s), c.integers(rows, 0, least - 1)});
}

void make_scatter_elements_case(GradientCase& c) {
  Dims s = c.shape(c.integer(1, 4));
  ScatterAttrs a{c.integer(0, last_axis(s)), c.integer(kMoteScatterNone, kMoteScatterAdd)};
  // One index per line: without a reduction repeated ones have no derivative.
  const int32_t most = a.reduction == kMoteScatterNone ? 1 : 4;
  Dims places = line_shape(c, s, a.axis, most);
  ValueId indices = c.integers(places, 0, s[static_cast<size_t>(a.axis)] - 1);
  c.add(op_code::scatter_elements, a, {c.input(s), indices, c.input(places)});
}

void make_scatter_nd_case(GradientCase& c) {
  Dims s = c.shape(c.integer(1, 4));
  ScatterAttrs a{0, c.integer(kMoteScatterNone, kMoteScatterAdd)};
  const int32_t depth = c.integer(1, static_cast<int32_t>(s.size()));
  Dims rows{a.reduction == kMoteScatterNone ? 1 : c.integer(1, 4)}, updates = rows;
  rows.push_back(depth);
  updates.insert(updates.end(), s.begin() + depth, s.end());
  int32_t least = s[0];
  for (int32_t i = 0; i < depth; ++i) least = std::min(least, s[static_cast<size_t>(i)]);
  c.add(op_code::scatter_nd, a, {c.input(s), c.integers(rows, 0, least - 1), c.input(updates)});
}

}  // namespace mote::test
