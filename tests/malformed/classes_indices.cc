// Operators that repeat, reverse, sum up and pick elements.
#include <limits>

#include "classes.h"
#include "ops/op_codes.h"

namespace mote::test {
namespace {

constexpr int32_t kMax = std::numeric_limits<int32_t>::max();
constexpr int32_t kMin = std::numeric_limits<int32_t>::min();

using Ints = std::vector<int32_t>;

template <class T>
T& table_of(Draft& d) {
  return *static_cast<T*>(d.op().attributes.value);
}
std::function<void(Draft&)> shape(size_t tensor, Ints dims) {
  return [=](Draft& d) {
    d.tensor(tensor).shape.clear();
    for (int32_t n : dims) d.tensor(tensor).shape.emplace_back(n, n);
  };
}
std::function<void(Draft&)> type(size_t tensor, forge::Type value) {
  return [=](Draft& d) { d.tensor(tensor).type = value; };
}
template <class T, class M>
Variant number(std::string what, const char* name, M T::* member, M value) {
  return attribute(std::move(what), Code::attribute_range, name,
                   [=](Draft& d) { table_of<T>(d).*member = value; });
}
TensorSpec places(Ints dims) { return plain(forge::Type::int32, std::move(dims)); }

Draft cum_sum() {
  return one_operator(op_code::cum_sum, attributes(forge::CumSumT()), {f32({2, 3})}, {f32({2, 3})});
}
Draft top_k() {
  forge::TopKT a;
  a.axis = 1;
  a.k = 2;
  return one_operator(op_code::top_k, attributes(a), {f32({2, 5})}, {f32({2, 2}), places({2, 2})});
}
Draft one_hot() {
  forge::OneHotT a;
  a.axis = 1;
  a.depth = 4;
  return one_operator(op_code::one_hot, attributes(a), {places({3}), f32({}), f32({})},
                      {f32({3, 4})});
}
Draft tile() {
  forge::SizesT a;
  a.sizes = {1, 3};
  return one_operator(op_code::tile, attributes(a), {f32({2, 3})}, {f32({2, 9})});
}
Draft reverse() {
  forge::AxesT a;
  a.axes = {1};
  return one_operator(op_code::reverse, attributes(a), {f32({2, 3})}, {f32({2, 3})});
}
Draft reverse_sequence() {
  forge::ReverseSequenceT a;
  a.sequence_axis = 1;
  return one_operator(op_code::reverse_sequence, attributes(a), {f32({2, 3}), places({2})},
                      {f32({2, 3})});
}
Draft gather_elements() {
  forge::GatherElementsT a;
  a.axis = 1;
  return one_operator(op_code::gather_elements, attributes(a), {f32({2, 3}), places({2, 4})},
                      {f32({2, 4})});
}
Draft gather_nd() {
  return one_operator(op_code::gather_nd, attributes(forge::GatherNdT()),
                      {f32({4, 5, 6}), places({7, 2})}, {f32({7, 6})});
}
Draft scatter_elements() {
  forge::ScatterT a;
  a.axis = 1;
  return one_operator(op_code::scatter_elements, attributes(a),
                      {f32({2, 3}), places({2, 4}), f32({2, 4})}, {f32({2, 3})});
}
Draft scatter_nd() {
  return one_operator(op_code::scatter_nd, attributes(forge::ScatterT()),
                      {f32({4, 5, 6}), places({7, 2}), f32({7, 6})}, {f32({4, 5, 6})});
}
Draft trilu() {
  return one_operator(op_code::trilu, attributes(forge::TriluT()), {f32({2, 3})}, {f32({2, 3})});
}

Classes scan_classes() {
  using C = forge::CumSumT;
  using K = forge::TopKT;
  using H = forge::OneHotT;
  return {
      {"cum_sum_axis",
       "CVE-2020-15207",
       cum_sum,
       {number("rank", "axis", &C::axis, 2), number("-1", "axis", &C::axis, -1)}},
      {"cum_sum_types",
       "CVE-2022-23583",
       cum_sum,
       {edited("boolean", Code::operand_type, "operator 0 (cum_sum)",
               type(0, forge::Type::boolean))}},
      {"top_k_range",
       "own rule",
       top_k,
       {number("0", "k", &K::k, 0), number("-1", "k", &K::k, -1),
        number("more than the size", "k", &K::k, 6), number("rank", "axis", &K::axis, 2)}},
      {"top_k_output_types",
       "CVE-2022-23583",
       top_k,
       {edited("indices of float32", Code::operand_type, "operator 0 (top_k)",
               type(2, forge::Type::float32))}},
      {"one_hot_attributes",
       "CVE-2021-29600",
       one_hot,
       {number("depth 0", "depth", &H::depth, 0), number("depth -2^31", "depth", &H::depth, kMin),
        number("axis above the rank", "axis", &H::axis, 2),
        number("axis -1", "axis", &H::axis, -1)}},
      {"one_hot_values",
       "own rule",
       one_hot,
       {edited("two of them", Code::operand_shape, "operator 0 (one_hot)", shape(1, {2})),
        edited("of another type", Code::operand_types_differ, "operator 0 (one_hot)",
               type(2, forge::Type::int32)),
        edited("indices of float32", Code::operand_type, "operator 0 (one_hot)",
               type(0, forge::Type::float32))}},
      {"trilu_matrix",
       "own rule",
       trilu,
       {edited("a vector", Code::operand_rank, "operator 0 (trilu)",
               [](Draft& d) {
                 shape(0, {3})(d);
                 shape(1, {3})(d);
               })}},
  };
}

Classes copy_classes() {
  using S = forge::SizesT;
  using A = forge::AxesT;
  using Q = forge::ReverseSequenceT;
  return {
      {"tile_sizes",
       "CVE-2021-41198",
       tile,
       {number("0", "sizes", &S::sizes, Ints{1, 0}), number("-3", "sizes", &S::sizes, Ints{1, -3}),
        attribute("one for two dimensions", Code::attribute_count, "sizes",
                  [](Draft& d) { table_of<S>(d).sizes = {1}; })}},
      {"tile_overflows",
       "CVE-2021-41198",
       tile,
       {edited("2^31 - 1 times 3", Code::shape_too_large, "operator 0 (tile)",
               [](Draft& d) { table_of<S>(d).sizes = {1, kMax}; })}},
      {"reverse_axes",
       "CVE-2020-15207",
       reverse,
       {number("rank", "axes", &A::axes, Ints{2}), number("-1", "axes", &A::axes, Ints{-1}),
        number("twice", "axes", &A::axes, Ints{1, 1}),
        attribute("none", Code::attribute_count, "axes",
                  [](Draft& d) { table_of<A>(d).axes = {}; })}},
      {"reverse_sequence_axes",
       "CVE-2022-21728, CVE-2021-29575",
       reverse_sequence,
       {number("batch rank", "batch_axis", &Q::batch_axis, 2),
        number("sequence -1", "sequence_axis", &Q::sequence_axis, -1),
        number("both the same", "sequence_axis", &Q::sequence_axis, 0)}},
      {"reverse_sequence_lengths",
       "CVE-2020-15208",
       reverse_sequence,
       {edited("more than sequences", Code::shape_incompatible, "operator 0 (reverse_sequence)",
               shape(1, {3})),
        edited("of float32", Code::operand_type, "operator 0 (reverse_sequence)",
               type(1, forge::Type::float32))}},
  };
}

Classes pick_classes() {
  using E = forge::GatherElementsT;
  using N = forge::GatherNdT;
  using S = forge::ScatterT;
  return {
      {"gather_elements_axis",
       "CVE-2020-15207",
       gather_elements,
       {number("rank", "axis", &E::axis, 2), number("-1", "axis", &E::axis, -1)}},
      {"gather_elements_shape",
       "CVE-2020-15208",
       gather_elements,
       {edited("more rows than x", Code::shape_incompatible, "operator 0 (gather_elements)",
               shape(1, {3, 4})),
        edited("another rank", Code::operand_rank, "operator 0 (gather_elements)", shape(1, {8}))}},
      {"gather_nd_depth",
       "CVE-2021-37687, CVE-2021-29589: GatherNd trusts its operands",
       gather_nd,
       {edited("more than the rank", Code::operand_shape, "operator 0 (gather_nd)",
               shape(1, {7, 4})),
        edited("dynamic", Code::operand_shape, "operator 0 (gather_nd)",
               [](Draft& d) { d.tensor(1).shape[1] = forge::Dim(1, 2); })}},
      {"gather_nd_batch_dims",
       "onnxruntime pull request 31711",
       gather_nd,
       {number("the indices' rank", "batch_dims", &N::batch_dims, 2),
        number("-1", "batch_dims", &N::batch_dims, -1)}},
      {"scatter_reduction",
       "own rule",
       scatter_elements,
       {number("5", "reduction", &S::reduction, 5), number("-1", "reduction", &S::reduction, -1)}},
      {"scatter_types",
       "CVE-2022-23583",
       scatter_elements,
       {edited("updates of int32", Code::operand_types_differ, "operator 0 (scatter_elements)",
               type(2, forge::Type::int32)),
        edited("indices of float32", Code::operand_type, "operator 0 (scatter_elements)",
               type(1, forge::Type::float32))}},
      {"scatter_updates_shape",
       "CVE-2022-35939",
       scatter_elements,
       {edited("longer than the indices", Code::shape_incompatible, "operator 0 (scatter_elements)",
               shape(2, {2, 5}))}},
      {"scatter_nd_axis", "own rule", scatter_nd, {number("1", "axis", &S::axis, 1)}},
      {"scatter_nd_updates_shape",
       "CVE-2022-35939",
       scatter_nd,
       {edited("other items", Code::shape_incompatible, "operator 0 (scatter_nd)",
               shape(2, {7, 5})),
        edited("another rank", Code::operand_rank, "operator 0 (scatter_nd)", shape(2, {42})),
        edited("indices deeper than x", Code::operand_shape, "operator 0 (scatter_nd)",
               shape(1, {7, 4}))}},
  };
}

}  // namespace

Classes index_classes() {
  Classes all = scan_classes();
  for (auto* group : {copy_classes, pick_classes})
    for (MalformedClass& c : group()) all.push_back(std::move(c));
  return all;
}

}  // namespace mote::test
