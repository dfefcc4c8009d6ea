// Tensor declarations and quantization.
#include <cmath>
#include <limits>

#include "classes.h"
#include "ops/op_codes.h"

namespace mote::test {
namespace {

constexpr int32_t kMax = std::numeric_limits<int32_t>::max();
constexpr int32_t kMin = std::numeric_limits<int32_t>::min();

std::function<void(Draft&)> dim(size_t tensor, size_t i, int32_t min, int32_t max) {
  return [=](Draft& d) { d.tensor(tensor).shape[i] = forge::Dim(min, max); };
}
std::function<void(Draft&)> shape(size_t tensor, std::vector<int32_t> dims) {
  return [=](Draft& d) {
    d.tensor(tensor).shape.clear();
    for (int32_t n : dims) d.tensor(tensor).shape.emplace_back(n, n);
  };
}

Variant scale(std::string what, float value) {
  return edited(std::move(what), Code::scale_invalid, "tensor 6",
                [=](Draft& d) { d.quantization(6).scales[3] = value; });
}

// spine()'s tensor 6: int8 [4, 2] with four scales along axis 0.
std::function<void(Draft&)> zero_point(forge::Type type, int32_t value) {
  return [=](Draft& d) {
    d.tensor(6).type = type;
    d.quantization(6).scales.assign(1, 0.5F);
    d.quantization(6).zero_points.assign(1, value);
    d.segments[0].resize(64);
  };
}

}  // namespace

Classes tensor_classes() {
  return {
      {"tensor_type_unknown",
       "CVE-2024-42477; llama.cpp pull request 19856",
       spine,
       {edited("9", Code::type_unknown, "tensor 0",
               [](Draft& d) { d.tensor(0).type = static_cast<forge::Type>(9); }),
        edited("255", Code::type_unknown, "tensor 6",
               [](Draft& d) { d.tensor(6).type = static_cast<forge::Type>(255); })}},
      {"tensor_kind_unknown",
       "CVE-2020-15209",
       spine,
       {edited("3", Code::kind_unknown, "tensor 0",
               [](Draft& d) { d.tensor(0).kind = static_cast<forge::Kind>(3); }),
        edited("200", Code::kind_unknown, "tensor 1",
               [](Draft& d) { d.tensor(1).kind = static_cast<forge::Kind>(200); })}},
      {"rank_above_limit",
       "executorch issue 8237; CVE-2025-54949",
       spine,
       {edited("9", Code::rank_too_large, "tensor 4", shape(4, std::vector<int32_t>(9, 1))),
        edited("10000", Code::rank_too_large, "tensor 4",
               shape(4, std::vector<int32_t>(10000, 1)))}},
      {"zero_dim",
       "CVE-2021-29594; llama.cpp pull request 24263",
       spine,
       {edited("an input", Code::dim_not_positive, "tensor 0", dim(0, 1, 0, 4)),
        edited("a constant", Code::dim_not_positive, "tensor 1", dim(1, 0, 0, 0))}},
      {"negative_dim",
       "executorch pull request 18724; CVE-2024-21802",
       spine,
       {edited("-1", Code::dim_not_positive, "tensor 0", dim(0, 0, -1, -1)),
        edited("-2^31", Code::dim_not_positive, "tensor 4", dim(4, 1, kMin, kMin))}},
      {"dims_product_overflows_64",
       "CVE-2026-33298, CVE-2026-42627",
       spine,
       {edited("(2^31 - 1)^3", Code::tensor_too_large, "tensor 4", shape(4, {kMax, kMax, kMax})),
        edited("2^64, which wraps to 0", Code::tensor_too_large, "tensor 4",
               shape(4, {1 << 30, 1 << 30, 1 << 4})),
        edited("2^64 + 16", Code::tensor_too_large, "tensor 1",
               shape(1, {1 << 30, 1 << 30, 1 << 4, 1}))}},
      {"byte_size_overflows",
       "executorch pull requests 19055, 19130",
       spine,
       {edited("2^62 elements of 4 bytes", Code::tensor_too_large, "tensor 4",
               shape(4, {1 << 30, 1 << 30, 4}))}},
      {"huge_but_valid_allocation",
       "CVE-2020-15213; onnxruntime issue 28730",
       spine,
       {edited("16 TiB", Code::tensor_too_large, "tensor 4", shape(4, {1 << 30, 1 << 12})),
        edited("2^62 bytes", Code::tensor_too_large, "tensor 4", shape(4, {1 << 30, 1 << 30}))}},
      {"bounds_inverted",
       "tensorflow pull request 126177",
       spine,
       {edited("5 to 4", Code::dim_bounds, "tensor 0", dim(0, 1, 5, 4)),
        edited("1 to -1", Code::dim_bounds, "tensor 0", dim(0, 0, 1, -1))}},
      {"constant_with_dynamic_dim",
       "CVE-2020-15214, CVE-2022-23582",
       spine,
       {edited("a constant", Code::dynamic_constant, "tensor 1", dim(1, 0, 1, 4)),
        edited("a state", Code::dynamic_constant, "tensor 2", dim(2, 1, 1, 4))}},
  };
}

Classes quantization_classes() {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  return {
      {"scale_zero", "CVE-2021-29528", spine, {scale("0", 0.0F), scale("-0", -0.0F)}},
      {"scale_negative", "CVE-2021-29535", spine, {scale("-0.5", -0.5F)}},
      {"scale_nan_inf",
       "tensorflow issue 62196; CVE-2021-29529",
       spine,
       {scale("NaN", std::nanf("")), scale("infinity", kInf), scale("-infinity", -kInf)}},
      {"scale_subnormal_or_huge",
       "CVE-2022-29212",
       spine,
       {scale("1e-45", 1e-45F), scale("3e38", 3e38F), scale("just below 2^-100", 0x1.fffffep-101F),
        scale("just above 2^100", 0x1.000002p100F)}},
      {"scales_empty",
       "CVE-2021-29535, CVE-2021-29536, CVE-2021-29537",
       spine,
       {edited("zero points without scales", Code::scale_count, "tensor 6",
               [](Draft& d) {
                 d.quantization(6).scales.clear();
                 d.quantization(6).zero_points.assign(4, 0);
               })}},
      {"scales_count_vs_axis_dim",
       "XNNPACK pull request 11105; tflite-micro issue 3582",
       spine,
       {edited("5 for 4", Code::scale_count, "tensor 6",
               [](Draft& d) { d.quantization(6).scales.assign(5, 1.0F); }),
        edited("3 for 4", Code::scale_count, "tensor 6",
               [](Draft& d) { d.quantization(6).scales.assign(3, 1.0F); }),
        edited("4 along a dynamic dimension", Code::scale_count, "tensor 4",
               [](Draft& d) {
                 d.tensor(4).type = forge::Type::int8;
                 d.tensor(4).shape[1] = forge::Dim(1, 4);
                 d.tensor(4).quantization = std::make_unique<forge::QuantizationT>();
                 d.quantization(4).scales.assign(4, 1.0F);
                 d.quantization(4).axis = 1;
               })}},
      {"zero_points_count_differs",
       "CVE-2021-29582; tflite-micro issue 3582",
       spine,
       {edited("3 for 4", Code::zero_point_count, "tensor 6",
               [](Draft& d) { d.quantization(6).zero_points.assign(3, 0); }),
        edited("1 for 4", Code::zero_point_count, "tensor 6",
               [](Draft& d) { d.quantization(6).zero_points.assign(1, 0); })}},
      {"zero_point_out_of_type",
       "CVE-2021-37663; tflite-micro issue 3499",
       spine,
       {edited("int8: 128", Code::zero_point_range, "tensor 6", zero_point(forge::Type::int8, 128)),
        edited("int8: -129", Code::zero_point_range, "tensor 6",
               zero_point(forge::Type::int8, -129)),
        edited("uint8: -1", Code::zero_point_range, "tensor 6", zero_point(forge::Type::uint8, -1)),
        edited("uint8: 256", Code::zero_point_range, "tensor 6",
               zero_point(forge::Type::uint8, 256)),
        edited("int16: 2^15", Code::zero_point_range, "tensor 6",
               zero_point(forge::Type::int16, 1 << 15)),
        edited("int32: 1", Code::zero_point_range, "tensor 6", zero_point(forge::Type::int32, 1)),
        edited("2^31 - 1", Code::zero_point_range, "tensor 6",
               zero_point(forge::Type::int8, kMax))}},
      {"quant_axis_out_of_range",
       "CVE-2022-21726, CVE-2022-21727, CVE-2021-41211",
       spine,
       {edited("rank", Code::quantization_axis, "tensor 6",
               [](Draft& d) { d.quantization(6).axis = 2; }),
        edited("-1", Code::quantization_axis, "tensor 6",
               [](Draft& d) { d.quantization(6).axis = -1; }),
        edited("2^31 - 1", Code::quantization_axis, "tensor 6",
               [](Draft& d) { d.quantization(6).axis = kMax; })}},
      {"quant_params_on_wrong_type",
       "CVE-2021-37682, CVE-2022-23583",
       spine,
       {edited("float32", Code::quantization_unexpected, "tensor 0",
               [](Draft& d) {
                 d.tensor(0).quantization = std::make_unique<forge::QuantizationT>();
                 d.quantization(0).scales = {1.0F};
               }),
        edited("boolean", Code::quantization_unexpected, "tensor 6",
               [](Draft& d) { d.tensor(6).type = forge::Type::boolean; })}},
  };
}

}  // namespace mote::test
