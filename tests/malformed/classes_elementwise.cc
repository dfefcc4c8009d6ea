// add, sub, mul, activation, softmax, and the conversions.
#include <cmath>
#include <limits>

#include "classes.h"
#include "ops/op_codes.h"

namespace mote::test {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();

Draft add_s8() {
  return one_operator(op_code::add, attributes(forge::BinaryT()), {s8({2, 3}), s8({2, 3})},
                      {s8({2, 3})});
}
Draft sub_f32() {
  return one_operator(op_code::sub, attributes(forge::BinaryT()), {f32({2, 3}), f32({2, 3})},
                      {f32({2, 3})});
}
Draft mul_s8() {
  return one_operator(op_code::mul, attributes(forge::BinaryT()), {s8({2, 3}), s8({2, 3})},
                      {s8({2, 3})});
}
Draft mul_s32() {
  TensorSpec x = plain(forge::Type::int32, {4});
  return one_operator(op_code::mul, attributes(forge::BinaryT()), {x, x}, {x});
}
Draft activation_s8() {
  return one_operator(op_code::activation, attributes(forge::ActivationT()),
                      {s8({4}), constant(plain(forge::Type::int8, {256}))}, {s8({4})});
}
Draft activation_f32() {
  return one_operator(op_code::activation, attributes(forge::ActivationT()), {f32({4})},
                      {f32({4})});
}
Draft softmax_s8() {
  return one_operator(op_code::softmax, attributes(forge::SoftmaxT()),
                      {s8({2, 4}), constant(plain(forge::Type::int32, {256}))},
                      {s8({2, 4}, 1.0F / 256, -128)});
}
Draft softmax_f32() {
  return one_operator(op_code::softmax, attributes(forge::SoftmaxT()), {f32({2, 4})},
                      {f32({2, 4})});
}
Draft quantize() { return one_operator(op_code::quantize, no_attributes(), {f32({4})}, {s8({4})}); }
Draft dequantize() {
  return one_operator(op_code::dequantize, no_attributes(), {s8({4})}, {f32({4})});
}
Draft requantize() {
  return one_operator(op_code::requantize, no_attributes(), {s8({4})}, {s8({4}, 0.25F)});
}
Draft cast() {
  return one_operator(op_code::cast, no_attributes(), {f32({4})}, {plain(forge::Type::int32, {4})});
}

std::function<void(Draft&)> scale(size_t tensor, float value) {
  return [=](Draft& d) { d.quantization(tensor).scales[0] = value; };
}
std::function<void(Draft&)> type(size_t tensor, forge::Type value) {
  return [=](Draft& d) {
    d.tensor(tensor).type = value;
    if (value == forge::Type::float32) d.tensor(tensor).quantization.reset();
  };
}
std::function<void(Draft&)> unquantized(size_t tensor) {
  return [=](Draft& d) { d.tensor(tensor).quantization.reset(); };
}
std::function<void(Draft&)> dim(size_t tensor, size_t i, int32_t size) {
  return [=](Draft& d) { d.tensor(tensor).shape[i] = forge::Dim(size, size); };
}
void per_channel(Draft& d, size_t tensor, size_t axis) {
  auto n = static_cast<size_t>(d.tensor(tensor).shape[axis].max());
  d.quantization(tensor).scales.assign(n, 0.5F);
  d.quantization(tensor).zero_points.clear();
  d.quantization(tensor).axis = static_cast<int32_t>(axis);
}
// A table of `count` elements in place of the 256.
std::function<void(Draft&)> table(int32_t count) { return dim(1, 0, count); }

Classes binary_classes() {
  auto as_binary = [](Draft& d) { return d.op().attributes.AsBinary(); };
  return {
      {"binary_broadcast_mismatch",
       "CVE-2021-29590, CVE-2020-15208",
       sub_f32,
       {edited("[2, 3] with [2, 4]", Code::shape_incompatible, "operator 0 (sub)", dim(1, 1, 4))}},
      {"binary_output_shape_lies",
       "CVE-2020-15208; tensorflow issue 124982",
       sub_f32,
       {edited("smaller than the result", Code::shape_mismatch, "operator 0 (sub)", dim(2, 1, 2)),
        edited("larger than the result", Code::shape_mismatch, "operator 0 (sub)", dim(2, 1, 4))}},
      {"binary_output_rank_lies",
       "tensorflow issue 124982",
       sub_f32,
       {edited("rank 1 for 2", Code::shape_rank_mismatch, "operator 0 (sub)",
               [](Draft& d) { d.tensor(2).shape.pop_back(); })}},
      {"shape_interval_escape",
       "tensorflow pull request 126177",
       sub_f32,
       {edited("the result may be larger than declared", Code::shape_mismatch, "operator 0 (sub)",
               [](Draft& d) { d.tensor(0).shape[0] = d.tensor(1).shape[0] = forge::Dim(1, 9); }),
        edited("the result may be smaller than declared", Code::shape_mismatch, "operator 0 (sub)",
               [](Draft& d) { d.tensor(0).shape[0] = d.tensor(1).shape[0] = forge::Dim(1, 2); })}},
      {"binary_type_mismatch",
       "CVE-2022-23583",
       add_s8,
       {edited("int8 + float32", Code::operand_types_differ, "operator 0 (add)",
               type(1, forge::Type::float32))}},
      {"binary_output_type",
       "CVE-2022-23583",
       add_s8,
       {edited("int8 + int8 = float32", Code::operand_type, "operator 0 (add)",
               type(2, forge::Type::float32))}},
      {"binary_quant_params_missing",
       "CVE-2021-37682",
       add_s8,
       {edited("an operand", Code::quantization_missing, "operator 0 (add)", unquantized(0)),
        edited("the output", Code::quantization_missing, "operator 0 (add)", unquantized(2))}},
      {"binary_per_channel",
       "CVE-2022-36027",
       mul_s8,
       {edited("an operand", Code::per_channel_not_allowed, "operator 0 (mul)",
               [](Draft& d) { per_channel(d, 0, 1); })}},
      {"binary_quantized_integers",
       "CVE-2021-37682",
       mul_s32,
       {edited("int32 with a scale", Code::quantization_unexpected, "operator 0 (mul)",
               [](Draft& d) {
                 d.tensor(0).quantization = std::make_unique<forge::QuantizationT>();
                 d.quantization(0).scales = {1.0F};
               })}},
      {"binary_scale_ratio",
       "CVE-2022-29212, CVE-2021-29528",
       add_s8,
       {edited("2^8", Code::quantization_ratio, "operator 0 (add)", scale(0, 128.0F)),
        edited("below 2^-10", Code::quantization_ratio, "operator 0 (add)", scale(2, 1024.0F))}},
      {"fused_activation_range",
       "CVE-2021-29535, CVE-2021-29537",
       mul_s8,
       {attribute(
            "4", Code::attribute_range, "activation",
            [=](Draft& d) { as_binary(d)->activation = static_cast<forge::FusedActivation>(4); }),
        attribute("255", Code::attribute_range, "activation",
                  [=](Draft& d) {
                    as_binary(d)->activation = static_cast<forge::FusedActivation>(255);
                  })}},
      {"stored_requantize_scale_bad",
       "CVE-2021-37665",
       mul_s8,
       {attribute("negative", Code::attribute_range, "requantize_scale",
                  [=](Draft& d) { as_binary(d)->requantize_scale = -1; }),
        attribute("NaN", Code::attribute_range, "requantize_scale",
                  [=](Draft& d) { as_binary(d)->requantize_scale = std::nanf(""); }),
        attribute("infinite", Code::attribute_range, "requantize_scale",
                  [=](Draft& d) { as_binary(d)->requantize_scale = kInf; })}},
  };
}

Classes table_classes() {
  return {
      {"activation_kind_unknown",
       "CVE-2022-23583",
       activation_f32,
       {attribute("21", Code::attribute_range, "kind",
                  [](Draft& d) {
                    d.op().attributes.AsActivation()->kind = static_cast<forge::ActivationKind>(21);
                  }),
        attribute("255", Code::attribute_range, "kind",
                  [](Draft& d) {
                    d.op().attributes.AsActivation()->kind =
                        static_cast<forge::ActivationKind>(255);
                  })}},
      {"activation_table_length",
       "tflite-micro issue 3704; llama.cpp pull request 14145",
       activation_s8,
       {edited("255", Code::operand_shape, "operator 0 (activation)", table(255)),
        edited("1", Code::operand_shape, "operator 0 (activation)", table(1))}},
      {"activation_table_rank",
       "tflite-micro issue 3704",
       activation_s8,
       {edited("a scalar", Code::operand_rank, "operator 0 (activation)",
               [](Draft& d) { d.tensor(1).shape.clear(); })}},
      {"activation_table_type",
       "llama.cpp pull request 26690",
       activation_s8,
       {edited("uint8", Code::operand_type, "operator 0 (activation)",
               type(1, forge::Type::uint8))}},
      {"activation_table_missing",
       "CVE-2020-15209",
       activation_s8,
       {edited("-1", Code::input_missing, "operator 0 (activation)",
               [](Draft& d) { d.op().inputs[1] = -1; }),
        edited("one input only", Code::input_missing, "operator 0 (activation)",
               [](Draft& d) { d.op().inputs.pop_back(); })}},
      {"activation_table_dynamic",
       "CVE-2020-15209, CVE-2021-37681",
       activation_s8,
       {edited("an activation", Code::operand_not_constant, "operator 0 (activation)",
               [](Draft& d) {
                 d.tensor(1).kind = forge::Kind::activation;
                 d.tensor(1).segment = 0xFFFFFFFF;
                 d.graph().inputs.push_back(1);
               })}},
      {"activation_shape_differs",
       "CVE-2020-15208",
       activation_f32,
       {edited("output larger", Code::shape_mismatch, "operator 0 (activation)", dim(1, 0, 5))}},
      {"activation_type_differs",
       "CVE-2022-23583",
       activation_f32,
       {edited("boolean", Code::operand_type, "operator 0 (activation)",
               type(0, forge::Type::boolean)),
        edited("output int8", Code::operand_type, "operator 0 (activation)",
               type(1, forge::Type::int8))}},
      {"softmax_rank",
       "CVE-2021-29589",
       softmax_f32,
       {edited("0", Code::operand_rank, "operator 0 (softmax)",
               [](Draft& d) {
                 d.tensor(0).shape.clear();
                 d.tensor(1).shape.clear();
               })}},
      {"softmax_beta",
       "tensorflow issue 62196",
       softmax_f32,
       {attribute("0", Code::attribute_range, "beta",
                  [](Draft& d) { d.op().attributes.AsSoftmax()->beta = 0; }),
        attribute("negative", Code::attribute_range, "beta",
                  [](Draft& d) { d.op().attributes.AsSoftmax()->beta = -1; }),
        attribute("NaN", Code::attribute_range, "beta",
                  [](Draft& d) { d.op().attributes.AsSoftmax()->beta = std::nanf(""); }),
        attribute("infinite", Code::attribute_range, "beta",
                  [](Draft& d) { d.op().attributes.AsSoftmax()->beta = kInf; })}},
      {"softmax_table_bad",
       "tflite-micro issues 3704, 3499",
       softmax_s8,
       {edited("missing", Code::input_missing, "operator 0 (softmax)",
               [](Draft& d) { d.op().inputs[1] = -1; }),
        edited("255 entries", Code::operand_shape, "operator 0 (softmax)", table(255)),
        edited("int8", Code::operand_type, "operator 0 (softmax)", type(1, forge::Type::int8))}},
      {"softmax_table_on_float",
       "tflite-micro issue 3704",
       softmax_f32,
       {edited("an input too many", Code::input_count, "operator 0 (softmax)",
               [](Draft& d) {
                 d.op().inputs.push_back(d.add_tensor(constant(plain(forge::Type::int32, {256}))));
               })}},
      {"softmax_output_scale",
       "CVE-2022-29212",
       softmax_s8,
       {edited("2", Code::quantization_ratio, "operator 0 (softmax)", scale(2, 2.0F)),
        edited("below 2^-16", Code::quantization_ratio, "operator 0 (softmax)",
               scale(2, 0x1p-17F))}},
  };
}

Classes conversion_classes() {
  return {
      {"quantize_types",
       "CVE-2021-37663",
       quantize,
       {edited("int32 input", Code::operand_type, "operator 0 (quantize)",
               type(0, forge::Type::int32)),
        edited("float32 output", Code::operand_type, "operator 0 (quantize)",
               type(1, forge::Type::float32))}},
      {"quantize_without_params",
       "CVE-2021-37682",
       quantize,
       {edited("output", Code::quantization_missing, "operator 0 (quantize)", unquantized(1))}},
      {"quantize_per_channel",
       "CVE-2021-37665",
       quantize,
       {edited("uint8 output", Code::per_channel_not_allowed, "operator 0 (quantize)",
               [](Draft& d) {
                 d.tensor(1).type = forge::Type::uint8;
                 per_channel(d, 1, 0);
               }),
        edited("zero points with several scales", Code::zero_point_range, "operator 0 (quantize)",
               [](Draft& d) {
                 per_channel(d, 1, 0);
                 d.quantization(1).zero_points = {0, 0, 3, 0};
               }),
        edited("fewer scales than channels", Code::scale_count, "tensor 1",
               [](Draft& d) {
                 per_channel(d, 1, 0);
                 d.quantization(1).scales.pop_back();
               })}},
      {"quantize_shape_differs",
       "CVE-2021-37665",
       quantize,
       {edited("output smaller", Code::shape_mismatch, "operator 0 (quantize)", dim(1, 0, 3))}},
      {"dequantize_types",
       "CVE-2021-29582, CVE-2021-37677",
       dequantize,
       {edited("int32 output", Code::operand_type, "operator 0 (dequantize)",
               type(1, forge::Type::int32)),
        edited("int16 input", Code::operand_type, "operator 0 (dequantize)",
               type(0, forge::Type::int16))}},
      {"dequantize_without_params",
       "CVE-2021-37682",
       dequantize,
       {edited("input", Code::quantization_missing, "operator 0 (dequantize)", unquantized(0))}},
      {"dequantize_per_channel_activation",
       "CVE-2022-21726, CVE-2022-21727",
       dequantize,
       {edited("input", Code::per_channel_not_allowed, "operator 0 (dequantize)",
               [](Draft& d) { per_channel(d, 0, 0); })}},
      {"requantize_ratio",
       "CVE-2022-29212, CVE-2021-37665",
       requantize,
       {edited("above 2^7", Code::quantization_ratio, "operator 0 (requantize)", scale(0, 128.0F)),
        edited("below 2^-8", Code::quantization_ratio, "operator 0 (requantize)",
               scale(1, 1024.0F)),
        edited("subnormal", Code::quantization_ratio, "operator 0 (requantize)",
               [](Draft& d) {
                 scale(0, 0x1p-100F)(d);
                 scale(1, 0x1p100F)(d);
               })}},
      {"requantize_types",
       "CVE-2022-36017, CVE-2021-37665",
       requantize,
       {edited("float32 output", Code::operand_type, "operator 0 (requantize)",
               type(1, forge::Type::float32))}},
      {"requantize_without_params",
       "CVE-2022-36017",
       requantize,
       {edited("input", Code::quantization_missing, "operator 0 (requantize)", unquantized(0))}},
      {"cast_shape_differs",
       "CVE-2021-29513",
       cast,
       {edited("output smaller", Code::shape_mismatch, "operator 0 (cast)", dim(1, 0, 1))}},
  };
}

}  // namespace

Classes elementwise_classes() {
  Classes all = binary_classes();
  for (auto* group : {table_classes, conversion_classes})
    for (MalformedClass& c : group()) all.push_back(std::move(c));
  return all;
}

}  // namespace mote::test
