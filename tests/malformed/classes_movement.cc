// reduce, arg_max, and the operators that move elements.
#include <cmath>
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
std::function<void(Draft&)> dim(size_t tensor, size_t i, int32_t size) {
  return [=](Draft& d) { d.tensor(tensor).shape[i] = forge::Dim(size, size); };
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

template <class T>
Variant number(std::string what, const char* name, int32_t T::* member, int32_t value) {
  return attribute(std::move(what), Code::attribute_range, name,
                   [=](Draft& d) { table_of<T>(d).*member = value; });
}
template <class T>
Variant list(std::string what, Code code, const char* name, Ints T::* member, Ints values) {
  return attribute(std::move(what), code, name, [=](Draft& d) { table_of<T>(d).*member = values; });
}

Draft reduce() {
  forge::ReduceT a;
  a.kind = forge::ReduceKind::mean;
  a.axes = {1, 2};
  return one_operator(op_code::reduce, attributes(a), {s8({2, 4, 4, 3})}, {s8({2, 3})});
}
Draft arg_max() {
  forge::ArgMaxT a;
  a.axis = 1;
  return one_operator(op_code::arg_max, attributes(a), {f32({2, 5})},
                      {plain(forge::Type::int64, {2})});
}
Draft pad() {
  forge::PadT a;
  a.before = {1, 0};
  a.after = {0, 2};
  return one_operator(op_code::pad, attributes(a), {f32({2, 3})}, {f32({3, 5})});
}
Draft pad_s32() {
  forge::PadT a;
  a.before = a.after = {1};
  TensorSpec x = plain(forge::Type::int32, {2});
  return one_operator(op_code::pad, attributes(a), {x}, {plain(forge::Type::int32, {4})});
}
Draft reshape() {
  forge::ReshapeT a;
  a.shape = {4, 6};
  return one_operator(op_code::reshape, attributes(a), {f32({2, 12})}, {f32({4, 6})});
}
Draft transpose() {
  forge::TransposeT a;
  a.permutation = {0, 2, 3, 1};
  return one_operator(op_code::transpose, attributes(a), {f32({1, 2, 3, 4})}, {f32({1, 3, 4, 2})});
}
Draft concat() {
  forge::ConcatT a;
  a.axis = 1;
  return one_operator(op_code::concat, attributes(a), {s8({2, 3}), s8({2, 4})}, {s8({2, 7})});
}
Draft slice() {
  forge::StridedSliceT a;
  a.begin = {0, 1};
  a.end = {2, 5};
  a.strides = {1, 2};
  return one_operator(op_code::strided_slice, attributes(a), {f32({2, 6})}, {f32({2, 2})});
}
Draft gather() {
  return one_operator(op_code::gather, attributes(forge::GatherT()),
                      {constant(f32({10, 4})), plain(forge::Type::int32, {3})}, {f32({3, 4})});
}

Classes reduction_classes() {
  using R = forge::ReduceT;
  using A = forge::ArgMaxT;
  const char* place = "operator 0 (arg_max)";
  return {
      {"reduce_axis_out_of_range",
       "CVE-2020-15207",
       reduce,
       {list("rank", Code::attribute_range, "axes", &R::axes, {1, 4}),
        list("-1", Code::attribute_range, "axes", &R::axes, {-1}),
        list("-2^31", Code::attribute_range, "axes", &R::axes, {kMin}),
        list("2^31 - 1", Code::attribute_range, "axes", &R::axes, {kMax})}},
      {"reduce_axes_duplicate",
       "tensorflow pull request 115887; CVE-2021-37635",
       reduce,
       {list("1, 1", Code::attribute_range, "axes", &R::axes, {1, 1}),
        list("2, 1", Code::attribute_range, "axes", &R::axes, {2, 1})}},
      {"reduce_axes_count",
       "tensorflow pull request 115887; tensorflow issue 62679",
       reduce,
       {list("none", Code::attribute_count, "axes", &R::axes, {}),
        list("five of four", Code::attribute_count, "axes", &R::axes, {0, 1, 2, 3, 3}),
        list("10000", Code::attribute_count, "axes", &R::axes, Ints(10000, 0))}},
      {"reduce_kind",
       "CVE-2022-23583",
       reduce,
       {attribute("12", Code::attribute_range, "kind",
                  [](Draft& d) { table_of<R>(d).kind = static_cast<forge::ReduceKind>(12); }),
        attribute("l1 of int8", Code::attribute_range, "kind",
                  [](Draft& d) { table_of<R>(d).kind = forge::ReduceKind::l1; }),
        attribute("any of int8", Code::attribute_range, "kind",
                  [](Draft& d) { table_of<R>(d).kind = forge::ReduceKind::any; })}},
      {"reduce_stored_scale",
       "CVE-2021-37665",
       reduce,
       {attribute("NaN", Code::attribute_range, "requantize_scale",
                  [](Draft& d) { table_of<R>(d).requantize_scale = std::nanf(""); }),
        attribute("negative", Code::attribute_range, "requantize_scale",
                  [](Draft& d) { table_of<R>(d).requantize_scale = -0.5F; })}},
      {"reduce_output_shape",
       "CVE-2021-37640",
       reduce,
       {edited("a reduced dimension kept", Code::shape_rank_mismatch, "operator 0 (reduce)",
               shape(1, {2, 1, 3})),
        edited("another size", Code::shape_mismatch, "operator 0 (reduce)", dim(1, 1, 4))}},
      {"arg_max_axis",
       "CVE-2021-29603; tflite-micro issue 3504",
       arg_max,
       {number("rank", "axis", &A::axis, 2), number("-1", "axis", &A::axis, -1),
        number("-2^31", "axis", &A::axis, kMin)}},
      {"arg_max_scalar",
       "CVE-2021-29600",
       arg_max,
       {edited("rank 0", Code::operand_rank, place, shape(0, {}))}},
      {"arg_max_output_type",
       "CVE-2021-29603",
       arg_max,
       {edited("float32", Code::operand_type, place, type(1, forge::Type::float32)),
        edited("input boolean", Code::operand_type, place, type(0, forge::Type::boolean))}},
      {"arg_max_output_shape",
       "CVE-2021-29603",
       arg_max,
       {edited("the reduced dimension kept", Code::shape_rank_mismatch, place, shape(1, {2, 1}))}},
  };
}

Classes shape_classes() {
  using P = forge::PadT;
  using R = forge::ReshapeT;
  using T = forge::TransposeT;
  return {
      {"pad_negative",
       "CVE-2021-29585; tensorflow issue 61567",
       pad,
       {list("before -1", Code::attribute_range, "before", &P::before, {-1, 0}),
        list("after -5", Code::attribute_range, "after", &P::after, {0, -5}),
        list("before -2^31", Code::attribute_range, "before", &P::before, {kMin, 0})}},
      {"pad_list_length",
       "LiteRT pull request 9970",
       pad,
       {list("after too short", Code::attribute_count, "after", &P::after, {0}),
        attribute("both too long", Code::attribute_count, "before",
                  [](Draft& d) { table_of<P>(d).before = table_of<P>(d).after = {1, 0, 0}; }),
        list("nine", Code::attribute_count, "before", &P::before, Ints(9, 0))}},
      {"pad_sum_overflows",
       "executorch pull request 16468",
       pad,
       {edited("2^31 - 1 on both sides", Code::shape_too_large, "operator 0 (pad)",
               [](Draft& d) {
                 table_of<P>(d).before = {kMax, 0};
                 table_of<P>(d).after = {kMax, 0};
               })}},
      {"pad_mode_unknown",
       "onnxruntime pull request 27652",
       pad,
       {attribute("5", Code::attribute_range, "mode",
                  [](Draft& d) { table_of<P>(d).mode = static_cast<forge::PadMode>(5); })}},
      {"pad_mirror_beyond_the_input",
       "own rule",
       pad,
       {edited("reflect by the size", Code::shape_incompatible, "operator 0 (pad)",
               [](Draft& d) {
                 table_of<P>(d).mode = forge::PadMode::reflect;
                 table_of<P>(d).before = {2, 0};
               }),
        edited("symmetric by 2^31 - 1", Code::shape_incompatible, "operator 0 (pad)",
               [](Draft& d) {
                 table_of<P>(d).mode = forge::PadMode::symmetric;
                 table_of<P>(d).after = {0, kMax};
               })}},
      {"pad_value",
       "CVE-2022-23583",
       pad_s32,
       {attribute("0.5 for int32", Code::attribute_range, "value",
                  [](Draft& d) { table_of<P>(d).value = 0.5F; }),
        attribute("NaN for int32", Code::attribute_range, "value",
                  [](Draft& d) { table_of<P>(d).value = std::nanf(""); }),
        attribute("1e30 for int32", Code::attribute_range, "value",
                  [](Draft& d) { table_of<P>(d).value = 1e30F; })}},
      {"reshape_count_mismatch",
       "tensorflow issue 124982; CVE-2022-35934",
       reshape,
       {edited("25 for 24", Code::shape_elements, "operator 0 (reshape)",
               [](Draft& d) { table_of<R>(d).shape = {5, 5}; }),
        edited("2^32 + 24", Code::shape_elements, "operator 0 (reshape)",
               [](Draft& d) { table_of<R>(d).shape = {(1 << 29) + 3, 8}; })}},
      {"reshape_product_overflows",
       "CVE-2022-35934",
       reshape,
       {edited("2^64 elements", Code::shape_too_large, "operator 0 (reshape)",
               [](Draft& d) { table_of<R>(d).shape = {1 << 30, 1 << 30, 16}; })}},
      {"reshape_two_wildcards",
       "CVE-2021-37640, CVE-2022-23581",
       reshape,
       {list("-1, -1", Code::attribute_range, "shape", &R::shape, {-1, -1}),
        list("-2", Code::attribute_range, "shape", &R::shape, {-2, 6}),
        list("0 behind the input's rank", Code::attribute_range, "shape", &R::shape, {4, 6, 0})}},
      {"reshape_higher_rank",
       "tensorflow issue 124982",
       reshape,
       {list("9", Code::attribute_count, "shape", &R::shape, Ints(9, 1))}},
      {"reshape_output_rank",
       "tensorflow issue 124982",
       reshape,
       {edited("declared 3", Code::shape_rank_mismatch, "operator 0 (reshape)",
               shape(1, {4, 6, 1}))}},
      {"transpose_perm_duplicate",
       "tensorflow pull request 126162",
       transpose,
       {list("0, 0, 2, 3", Code::attribute_range, "permutation", &T::permutation, {0, 0, 2, 3})}},
      {"transpose_perm_range",
       "CVE-2021-41216; LiteRT pull request 9970",
       transpose,
       {list("rank", Code::attribute_range, "permutation", &T::permutation, {0, 1, 2, 4}),
        list("-1", Code::attribute_range, "permutation", &T::permutation, {0, 1, 2, -1}),
        list("32, as a shift", Code::attribute_range, "permutation", &T::permutation,
             {32, 1, 2, 3})}},
      {"transpose_perm_length",
       "onnxruntime pull request 27555; CVE-2020-26267",
       transpose,
       {list("3", Code::attribute_count, "permutation", &T::permutation, {0, 1, 2}),
        list("0", Code::attribute_count, "permutation", &T::permutation, {}),
        list("9", Code::attribute_count, "permutation", &T::permutation, Ints(9, 0))}},
      {"movement_type_differs",
       "CVE-2022-23583; llama.cpp pull request 26690",
       transpose,
       {edited("float32 to int64", Code::operand_types_differ, "operator 0 (transpose)",
               type(1, forge::Type::int64))}},
  };
}

Classes join_classes() {
  using C = forge::ConcatT;
  using S = forge::StridedSliceT;
  using G = forge::GatherT;
  return {
      {"concat_dims_differ",
       "XNNPACK pull request 10373",
       concat,
       {edited("3 rows beside 2", Code::shape_incompatible, "operator 0 (concat)", dim(1, 0, 3))}},
      {"concat_rank_differs",
       "XNNPACK pull request 10373",
       concat,
       {edited("3 beside 2", Code::operand_rank, "operator 0 (concat)", shape(1, {2, 4, 1}))}},
      {"concat_sum_overflows",
       "CVE-2021-29601",
       concat,
       {edited("2^30 + 2^30", Code::shape_too_large, "operator 0 (concat)",
               [](Draft& d) {
                 dim(0, 1, 1 << 30)(d);
                 dim(1, 1, 1 << 30)(d);
               })}},
      {"concat_axis",
       "CVE-2022-21731, CVE-2020-15207",
       concat,
       {number("rank", "axis", &C::axis, 2), number("-1", "axis", &C::axis, -1),
        number("-2^31", "axis", &C::axis, kMin)}},
      {"concat_activation",
       "CVE-2021-29535",
       concat,
       {attribute("relu", Code::attribute_range, "activation",
                  [](Draft& d) { table_of<C>(d).activation = forge::FusedActivation::relu; })}},
      {"concat_type_differs",
       "CVE-2022-23583",
       concat,
       {edited("uint8 beside int8", Code::operand_types_differ, "operator 0 (concat)",
               type(1, forge::Type::uint8))}},
      {"concat_quant_differs",
       "CVE-2021-37688",
       concat,
       {edited("scale", Code::quantization_mismatch, "operator 0 (concat)",
               [](Draft& d) { d.quantization(1).scales[0] = 0.25F; })}},
      {"strided_slice_stride_zero",
       "tensorflow pull request 31554; CVE-2021-37686",
       slice,
       {list("0", Code::attribute_range, "strides", &S::strides, {1, 0})}},
      {"strided_slice_lists_differ",
       "CVE-2020-15208; tensorflow issue 58035",
       slice,
       {list("end too short", Code::attribute_count, "end", &S::end, {2}),
        list("strides too long", Code::attribute_count, "strides", &S::strides, {1, 1, 1})}},
      {"strided_slice_longer_than_rank",
       "tensorflow issue 58035",
       slice,
       {attribute("3 of 2", Code::attribute_range, "begin",
                  [](Draft& d) {
                    table_of<S>(d).begin = table_of<S>(d).end = table_of<S>(d).strides = {1, 1, 1};
                  })}},
      {"strided_slice_empty",
       "tensorflow issue 58035; tensorflow pull request 126177",
       slice,
       {edited("reversed", Code::shape_empty, "operator 0 (strided_slice)",
               [](Draft& d) { table_of<S>(d).end = {2, 0}; }),
        edited("begins past the end", Code::shape_empty, "operator 0 (strided_slice)",
               [](Draft& d) { table_of<S>(d).begin = {0, kMax}; }),
        edited("-2^31 with stride -2^31", Code::shape_empty, "operator 0 (strided_slice)",
               [](Draft& d) {
                 table_of<S>(d).begin = {0, kMin};
                 table_of<S>(d).strides = {1, kMin};
               })}},
      {"strided_slice_masks",
       "CVE-2021-37686",
       slice,
       {attribute("begin_mask above the rank", Code::attribute_range, "begin_mask",
                  [](Draft& d) { table_of<S>(d).begin_mask = 4; }),
        attribute("end_mask 2^32 - 1", Code::attribute_range, "end_mask",
                  [](Draft& d) { table_of<S>(d).end_mask = 0xFFFFFFFF; }),
        attribute("shrink_mask above the rank", Code::attribute_range, "shrink_mask",
                  [](Draft& d) { table_of<S>(d).shrink_mask = 1u << 31; })}},
      {"gather_axis",
       "onnxruntime pull request 31711; CVE-2020-15207",
       gather,
       {number("rank", "axis", &G::axis, 2), number("-1", "axis", &G::axis, -1)}},
      {"gather_batch_dims",
       "onnxruntime pull request 31711",
       gather,
       {number("1 with axis 0", "batch_dims", &G::batch_dims, 1),
        number("-1", "batch_dims", &G::batch_dims, -1),
        number("2^31 - 1", "batch_dims", &G::batch_dims, kMax)}},
      {"gather_index_type",
       "CVE-2021-29589, CVE-2021-29596",
       gather,
       {edited("float32", Code::operand_type, "operator 0 (gather)",
               type(1, forge::Type::float32))}},
      {"gather_rank",
       "CVE-2022-23559",
       gather,
       {edited("a result of rank 9", Code::operand_rank, "operator 0 (gather)",
               shape(1, Ints(8, 1)))}},
      {"gather_output_product_overflow",
       "CVE-2022-23559",
       gather,
       {edited("2^60 rows declared as 3", Code::shape_mismatch, "operator 0 (gather)",
               shape(1, {1 << 30}))}},
      {"gather_quant_differs",
       "CVE-2021-37688",
       gather,
       {edited("values quantized, output not", Code::quantization_mismatch, "operator 0 (gather)",
               [](Draft& d) {
                 d.tensor(0).type = d.tensor(2).type = forge::Type::int8;
                 d.tensor(0).quantization = std::make_unique<forge::QuantizationT>();
                 d.quantization(0).scales = {1.0F};
               })}},
  };
}

}  // namespace

Classes movement_classes() {
  Classes all = reduction_classes();
  for (auto* group : {shape_classes, join_classes})
    for (MalformedClass& c : group()) all.push_back(std::move(c));
  return all;
}

}  // namespace mote::test
