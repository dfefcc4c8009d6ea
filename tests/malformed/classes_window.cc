// Convolutions, matrix products, pooling, resize_bilinear.
#include <cmath>
#include <limits>

#include "classes.h"
#include "ops/op_codes.h"

namespace mote::test {
namespace {

constexpr int32_t kMax = std::numeric_limits<int32_t>::max();
constexpr int32_t kMin = std::numeric_limits<int32_t>::min();

// x [1, 5, 5, 2], weights [4, 3, 3, 2], bias, stored scale, output [1, 3, 3, 4].
Draft conv_s8() {
  return one_operator(op_code::conv2d, attributes(forge::Conv2dT()),
                      {s8({1, 5, 5, 2}), constant(s8_per_channel({4, 3, 3, 2}, 0)),
                       constant(plain(forge::Type::int32, {4})), constant(f32({4}))},
                      {s8({1, 3, 3, 4})});
}
Draft conv_f32() {
  return one_operator(op_code::conv2d, attributes(forge::Conv2dT()),
                      {f32({1, 5, 5, 2}), constant(f32({4, 3, 3, 2})), constant(f32({4}))},
                      {f32({1, 3, 3, 4})});
}
// x [1, 5, 5, 2], weights [1, 3, 3, 4], output [1, 3, 3, 4].
Draft depthwise() {
  forge::DepthwiseConv2dT a;
  a.multiplier = 2;
  return one_operator(op_code::depthwise_conv2d, attributes(a),
                      {f32({1, 5, 5, 2}), constant(f32({1, 3, 3, 4})), constant(f32({4}))},
                      {f32({1, 3, 3, 4})});
}
Draft depthwise_s8() {
  return one_operator(op_code::depthwise_conv2d, attributes(forge::DepthwiseConv2dT()),
                      {s8({1, 5, 5, 2}), constant(s8_per_channel({1, 3, 3, 2}, 3))},
                      {s8({1, 3, 3, 2})});
}
Draft fully_connected() {
  return one_operator(op_code::fully_connected, attributes(forge::FullyConnectedT()),
                      {f32({2, 8}), constant(f32({3, 8})), constant(f32({3}))}, {f32({2, 3})});
}
Draft batch_matmul() {
  return one_operator(op_code::batch_matmul, attributes(forge::BatchMatmulT()),
                      {f32({2, 3, 4}), f32({2, 4, 5})}, {f32({2, 3, 5})});
}
Draft fully_connected_s8() {
  return one_operator(op_code::fully_connected, attributes(forge::FullyConnectedT()),
                      {s8({2, 8}), constant(s8({3, 8}))}, {s8({2, 3})});
}
template <class Spec>
Draft pool(uint16_t code, Spec spec) {
  forge::Pool2dT a;
  a.window_h = a.window_w = a.stride_h = a.stride_w = 2;
  return one_operator(code, attributes(a), {spec({1, 4, 4, 3})}, {spec({1, 2, 2, 3})});
}
Draft max_pool() { return pool(op_code::max_pool2d, f32); }
Draft avg_pool() { return pool(op_code::avg_pool2d, f32); }
Draft max_pool_s8() {
  return pool(op_code::max_pool2d, [](std::vector<int32_t> shape) { return s8(shape); });
}
Draft resize() {
  forge::ResizeBilinearT a;
  a.out_h = a.out_w = 8;
  return one_operator(op_code::resize_bilinear, attributes(a), {s8({1, 4, 4, 3})},
                      {s8({1, 8, 8, 3})});
}

std::function<void(Draft&)> dim(size_t tensor, size_t i, int32_t size) {
  return [=](Draft& d) { d.tensor(tensor).shape[i] = forge::Dim(size, size); };
}
std::function<void(Draft&)> drop_dim(size_t tensor) {
  return [=](Draft& d) { d.tensor(tensor).shape.pop_back(); };
}
std::function<void(Draft&)> type(size_t tensor, forge::Type value) {
  return [=](Draft& d) {
    d.tensor(tensor).type = value;
    if (value == forge::Type::float32) d.tensor(tensor).quantization.reset();
  };
}
std::function<void(Draft&)> scales(size_t tensor, size_t count, int32_t axis) {
  return [=](Draft& d) {
    d.quantization(tensor).scales.assign(count, 0.5F);
    d.quantization(tensor).zero_points.clear();
    d.quantization(tensor).axis = axis;
  };
}

template <class T>
T& table_of(Draft& d) {
  return *static_cast<T*>(d.op().attributes.value);
}
// Field `member` of the attributes, each of `values`.
template <class T>
std::vector<Variant> values(const char* name, int32_t T::* member,
                            std::initializer_list<int32_t> list) {
  std::vector<Variant> out;
  for (int32_t value : list) {
    out.push_back(attribute(std::string(name) + " " + std::to_string(value), Code::attribute_range,
                            name, [=](Draft& d) { table_of<T>(d).*member = value; }));
  }
  return out;
}
std::vector<Variant> join(std::initializer_list<std::vector<Variant>> lists) {
  std::vector<Variant> out;
  for (const std::vector<Variant>& list : lists) out.insert(out.end(), list.begin(), list.end());
  return out;
}

Classes conv_classes() {
  using A = forge::Conv2dT;
  const char* place = "operator 0 (conv2d)";
  return {
      {"conv2d_stride_zero", "CVE-2021-29585; tensorflow issue 61902", conv_s8,
       join({values("stride_h", &A::stride_h, {0, -1, kMin}),
             values("stride_w", &A::stride_w, {0, -1})})},
      {"conv2d_stride_huge", "tensorflow issue 61905: 65536 narrows to 0", conv_f32,
       join({values("stride_h", &A::stride_h, {65536, kMax}),
             values("stride_w", &A::stride_w, {65536})})},
      {"conv2d_dilation_zero_or_overflow", "onnxruntime issue 28731; CVE-2021-29594", conv_f32,
       join({values("dilation_h", &A::dilation_h, {0, -1, 65536, 1 << 30}),
             values("dilation_w", &A::dilation_w, {0, kMax})})},
      {"conv2d_window_larger_than_input",
       "CVE-2021-29594",
       conv_f32,
       {edited("dilation 65535", Code::shape_empty, place,
               [](Draft& d) { table_of<A>(d).dilation_h = 65535; })}},
      {"conv2d_pads_bad", "CVE-2022-21741", conv_s8,
       join({values("pad_top", &A::pad_top, {-1, kMax}),
             values("pad_left", &A::pad_left, {-1, kMin, 65536}),
             values("pad_bottom", &A::pad_bottom, {-3}),
             values("pad_right", &A::pad_right, {-1})})},
      {"conv2d_groups_bad", "tensorflow issue 60622", conv_f32,
       values("groups", &A::groups, {0, -1, 5, kMax})},
      {"conv2d_groups_not_dividing",
       "tensorflow issue 60622",
       conv_f32,
       {edited("3 of 4 channels", Code::shape_incompatible, place,
               [](Draft& d) { table_of<A>(d).groups = 3; })}},
      {"conv2d_channels_mismatch",
       "CVE-2023-27579, CVE-2020-15208",
       conv_f32,
       {edited("weights for 1 channel", Code::operand_shape, place, dim(1, 3, 1)),
        edited("2 groups, input for 1", Code::operand_shape, place,
               [](Draft& d) { table_of<A>(d).groups = 2; }),
        edited("input channels dynamic", Code::operand_shape, place,
               [](Draft& d) { d.tensor(0).shape[3] = forge::Dim(1, 2); })}},
      {"conv2d_rank_wrong",
       "XNNPACK pull request 11057; onnxruntime issue 28731",
       conv_f32,
       {edited("input 3", Code::operand_rank, place, drop_dim(0)),
        edited("weights 3", Code::operand_rank, place, drop_dim(1)),
        edited("output 3", Code::shape_rank_mismatch, place, drop_dim(3))}},
      {"conv2d_kernel_vs_weights",
       "XNNPACK issue 11118",
       conv_f32,
       {edited("weights declared smaller", Code::shape_mismatch, place, dim(1, 1, 1))}},
      {"conv2d_bias_length",
       "CVE-2022-23557, CVE-2022-41894",
       conv_s8,
       {edited("one too few", Code::operand_shape, place, dim(2, 0, 3)),
        edited("1", Code::operand_shape, place, dim(2, 0, 1)),
        edited("rank 0", Code::operand_rank, place, drop_dim(2))}},
      {"conv2d_bias_type",
       "CVE-2022-23557",
       conv_s8,
       {edited("float32 beside int8", Code::operand_type, place, type(2, forge::Type::float32))}},
      {"conv2d_output_shape_lies",
       "CVE-2020-15208; tensorflow pull request 126177",
       conv_f32,
       {edited("height", Code::shape_mismatch, place, dim(3, 1, 4)),
        edited("channels", Code::shape_mismatch, place, dim(3, 3, 3)),
        edited("batch", Code::shape_mismatch, place, dim(3, 0, 2))}},
      {"conv2d_weights_type",
       "CVE-2022-23583",
       conv_f32,
       {edited("int8 weights, float32 input", Code::operand_types_differ, place,
               type(1, forge::Type::int8))}},
      {"conv2d_weights_dynamic",
       "CVE-2020-15209",
       conv_s8,
       {edited("an activation of unknown height", Code::operand_shape, place,
               [](Draft& d) {
                 d.tensor(1).kind = forge::Kind::activation;
                 d.tensor(1).segment = 0xFFFFFFFF;
                 d.tensor(1).shape[1] = forge::Dim(1, 3);
                 d.graph().inputs.push_back(1);
               })}},
      {"conv2d_quant_params_missing",
       "CVE-2021-37682",
       conv_s8,
       {edited("input", Code::quantization_missing, place,
               [](Draft& d) { d.tensor(0).quantization.reset(); }),
        edited("weights", Code::quantization_missing, place,
               [](Draft& d) { d.tensor(1).quantization.reset(); })}},
      {"quant_axis_wrong_for_operator",
       "tensorflow issue 66081; CVE-2022-36027",
       conv_s8,
       {edited("rows", Code::scale_count, place, scales(1, 3, 1)),
        edited("input channels", Code::scale_count, place, scales(1, 2, 3))}},
      {"conv2d_scale_axis_of_equal_size",
       "tensorflow issue 66081",
       [] {
         return one_operator(op_code::conv2d, attributes(forge::Conv2dT()),
                             {s8({1, 3, 3, 3}), constant(s8_per_channel({3, 3, 3, 3}, 0))},
                             {s8({1, 1, 1, 3})});
       },
       {edited("input channels, as many as outputs", Code::quantization_axis, place,
               scales(1, 3, 3))}},
      {"conv2d_per_channel_activation",
       "CVE-2022-36027",
       conv_s8,
       {edited("input", Code::per_channel_not_allowed, place, scales(0, 2, 3))}},
      {"weight_zero_point_nonzero",
       "CVE-2022-36017, CVE-2021-37665",
       conv_s8,
       {edited("one of four", Code::zero_point_range, place,
               [](Draft& d) { d.quantization(1).zero_points = {0, 0, 0, 1}; })}},
      {"conv2d_stored_scale_count",
       "XNNPACK pull request 11105",
       conv_s8,
       {edited("3 for 4 channels", Code::operand_shape, place, dim(3, 0, 3)),
        edited("rank 0", Code::operand_rank, place, drop_dim(3))}},
      {"conv2d_stored_scale_dynamic",
       "CVE-2020-15209",
       conv_s8,
       {edited("an activation", Code::operand_not_constant, place,
               [](Draft& d) {
                 d.tensor(3).kind = forge::Kind::activation;
                 d.tensor(3).segment = 0xFFFFFFFF;
                 d.graph().inputs.push_back(3);
               })}},
  };
}

Classes depthwise_classes() {
  using A = forge::DepthwiseConv2dT;
  const char* place = "operator 0 (depthwise_conv2d)";
  return {
      {"depthwise_multiplier_bad", "CVE-2021-29602, CVE-2022-21741", depthwise,
       values("multiplier", &A::multiplier, {0, -1, 5, kMax})},
      {"depthwise_multiplier_not_dividing",
       "CVE-2021-29602",
       depthwise,
       {edited("3 of 4 channels", Code::shape_incompatible, place,
               [](Draft& d) { table_of<A>(d).multiplier = 3; })}},
      {"depthwise_stride_dilation", "tensorflow issue 61905; CVE-2022-21741", depthwise,
       join({values("stride_h", &A::stride_h, {0, 65536}), values("stride_w", &A::stride_w, {-1}),
             values("dilation_h", &A::dilation_h, {0}),
             values("dilation_w", &A::dilation_w, {65536})})},
      {"depthwise_channels",
       "CVE-2021-29602",
       depthwise,
       {edited("multiplier 1", Code::operand_shape, place,
               [](Draft& d) { table_of<A>(d).multiplier = 1; }),
        edited("weights [2, 3, 3, 2]", Code::operand_shape, place,
               [](Draft& d) {
                 dim(1, 0, 2)(d);
                 dim(1, 3, 2)(d);
                 d.tensor(2).shape[0] = forge::Dim(2, 2);
               })}},
      {"depthwise_scale_axis",
       "tensorflow issue 66081",
       depthwise_s8,
       {edited("rows", Code::scale_count, place, scales(1, 3, 1))}},
  };
}

Classes fully_connected_classes() {
  const char* place = "operator 0 (fully_connected)";
  return {
      {"fully_connected_inner_dim",
       "CVE-2021-37680; ncnn GHSA-p643-4xxq-pcjv",
       fully_connected,
       {edited("7 for 8", Code::operand_shape, place, dim(1, 1, 7)),
        edited("input 16 wide", Code::operand_shape, place, dim(0, 1, 16))}},
      {"fully_connected_rank",
       "CVE-2021-37680; onnxruntime pull request 27721",
       fully_connected,
       {edited("weights rank 1", Code::operand_rank, place, drop_dim(1)),
        edited("input a scalar", Code::operand_rank, place,
               [](Draft& d) { d.tensor(0).shape.clear(); })}},
      {"fully_connected_terms",
       "CVE-2022-23559; onnxruntime pull request 27965",
       fully_connected,
       {edited("2^22 + 1 products in a sum", Code::operand_shape, place,
               [](Draft& d) {
                 d.tensor(0).shape[1] = d.tensor(1).shape[1] =
                     forge::Dim((1 << 22) + 1, (1 << 22) + 1);
                 d.segments[0].resize((size_t{1} << 22) * 12 + 4096);
               })}},
      {"fully_connected_activation",
       "CVE-2021-29535",
       fully_connected,
       {attribute("7", Code::attribute_range, "activation",
                  [](Draft& d) {
                    table_of<forge::FullyConnectedT>(d).activation =
                        static_cast<forge::FusedActivation>(7);
                  })}},
      {"fully_connected_weights_quantization",
       "CVE-2021-37682",
       fully_connected_s8,
       {edited("missing", Code::quantization_missing, place,
               [](Draft& d) { d.tensor(1).quantization.reset(); }),
        edited("along the inputs", Code::scale_count, place, scales(1, 8, 1))}},
      {"stored_scale_on_float",
       "CVE-2022-23583",
       fully_connected,
       {edited("a fourth input", Code::input_count, place,
               [](Draft& d) { d.op().inputs.push_back(d.add_tensor(constant(f32({3})))); })}},
  };
}

Classes batch_matmul_classes() {
  const char* place = "operator 0 (batch_matmul)";
  return {
      {"batch_matmul_operands",
       "CVE-2021-41219, CVE-2020-15208",
       batch_matmul,
       {edited("5 terms and 4", Code::shape_incompatible, place, dim(0, 2, 5)),
        edited("a batch of 3 and one of 2", Code::shape_incompatible, place, dim(1, 0, 3)),
        edited("b a vector", Code::operand_rank, place,
               [](Draft& d) { d.tensor(1).shape.resize(1, forge::Dim(4, 4)); }),
        edited("b of int32", Code::operand_types_differ, place,
               [](Draft& d) { d.tensor(1).type = forge::Type::int32; }),
        edited("more rows than a has", Code::shape_mismatch, place, dim(2, 1, 4))}},
      {"batch_matmul_transposed",
       "CVE-2021-41219",
       batch_matmul,
       {edited("a without its shape", Code::shape_incompatible, place,
               [](Draft& d) { table_of<forge::BatchMatmulT>(d).transpose_a = true; }),
        edited("b without its shape", Code::shape_incompatible, place,
               [](Draft& d) { table_of<forge::BatchMatmulT>(d).transpose_b = true; })}},
  };
}

Classes pool_classes() {
  using A = forge::Pool2dT;
  return {
      {"pool_window_zero", "CVE-2021-37684; TFSA-2021-199", max_pool,
       join({values("window_h", &A::window_h, {0, -2, kMin}),
             values("window_w", &A::window_w, {0, -1})})},
      {"pool_window_larger_than_input",
       "CVE-2021-37684",
       avg_pool,
       {edited("5 on 4", Code::shape_empty, "operator 0 (avg_pool2d)",
               [](Draft& d) { table_of<A>(d).window_h = 5; })}},
      {"pool_stride_zero", "CVE-2021-29586", avg_pool,
       join({values("stride_h", &A::stride_h, {0, 65536, -1}),
             values("stride_w", &A::stride_w, {0, kMax})})},
      {"pool_pad_covers_window", "CVE-2021-37684, CVE-2021-29550", avg_pool,
       join({values("pad_top", &A::pad_top, {2, -1}), values("pad_left", &A::pad_left, {2}),
             values("pad_bottom", &A::pad_bottom, {2, kMax}),
             values("pad_right", &A::pad_right, {-1})})},
      {"pool_kernel_product_overflow",
       "CVE-2022-21735; XNNPACK pull request 11043",
       max_pool,
       {attribute("65536 x 65536", Code::attribute_range, "window_w",
                  [](Draft& d) { table_of<A>(d).window_h = table_of<A>(d).window_w = 65536; })}},
      {"pool_quant_differs",
       "CVE-2022-35966; tensorflow pull request 54077",
       max_pool_s8,
       {edited("scale", Code::quantization_mismatch, "operator 0 (max_pool2d)",
               [](Draft& d) { d.quantization(1).scales[0] = 0.25F; }),
        edited("zero point", Code::quantization_mismatch, "operator 0 (max_pool2d)",
               [](Draft& d) { d.quantization(1).zero_points[0] = -1; })}},
      {"pool_rank",
       "XNNPACK pull request 11057",
       max_pool,
       {edited("3", Code::operand_rank, "operator 0 (max_pool2d)", drop_dim(0))}},
      {"pool_channels_differ",
       "CVE-2022-21739",
       avg_pool,
       {edited("output 4 for 3", Code::shape_mismatch, "operator 0 (avg_pool2d)", dim(1, 3, 4))}},
  };
}

Classes resize_classes() {
  using A = forge::ResizeBilinearT;
  const char* place = "operator 0 (resize_bilinear)";
  return {
      {"resize_size_zero", "XNNPACK pull request 11055; onnxruntime pull request 4183", resize,
       join({values("out_h", &A::out_h, {-1, kMin}), values("scale_h", &A::out_h, {0}),
             values("scale_w", &A::out_w, {0})})},
      {"resize_size_overflow", "TFSA-2021-195; CVE-2022-23587", resize,
       join({values("out_h", &A::out_h, {(1 << 24) + 1, kMax}),
             values("out_w", &A::out_w, {1 << 30})})},
      {"resize_mode_unknown",
       "CVE-2021-29529",
       resize,
       {attribute("3", Code::attribute_range, "mode",
                  [](Draft& d) { table_of<A>(d).mode = static_cast<forge::CoordinateMode>(3); })}},
      {"resize_input_too_large",
       "CVE-2021-29529: rounding past the last row",
       resize,
       {edited("2^24 + 1 rows", Code::operand_shape, place, dim(0, 1, (1 << 24) + 1))}},
      {"resize_channel_batch_differ",
       "XNNPACK pull request 11057; CVE-2020-15208",
       resize,
       {edited("batch", Code::shape_mismatch, place, dim(1, 0, 2)),
        edited("channels", Code::shape_mismatch, place, dim(1, 3, 2)),
        edited("rank 3", Code::operand_rank, place, drop_dim(0))}},
      {"resize_quant_differs",
       "CVE-2021-29537",
       resize,
       {edited("scale", Code::quantization_mismatch, place,
               [](Draft& d) { d.quantization(1).scales[0] = 1; })}},
  };
}

}  // namespace

Classes window_classes() {
  Classes all = conv_classes();
  for (auto* group : {depthwise_classes, fully_connected_classes, batch_matmul_classes,
                      pool_classes, resize_classes}) {
    for (MalformedClass& c : group()) all.push_back(std::move(c));
  }
  return all;
}

}  // namespace mote::test
