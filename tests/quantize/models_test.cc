// Real float models in int8, against the float outputs of their reference sets.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "quantize/quantized.h"
#include "support/golden.h"

namespace mote::test {
namespace {

struct RealModel {
  const char* set;
  // Signal to noise of the outputs, measured and rounded down; 6 dB are one bit.
  double sqnr_db;
};
void PrintTo(const RealModel& m, std::ostream* stream) { *stream << m.set; }

constexpr RealModel kModels[] = {
    {"mlperf_tiny__pretrainedResnet", 17}, {"mlperf_tiny__vww_96_float", 30},
    {"mlperf_tiny__ad01_fp32", 28},        {"mlperf_tiny__kws_ref_model_float32", 30},
    {"tflm__hello_world_float", 36},
};

class RealModels : public testing::TestWithParam<RealModel> {};

std::vector<float> floats(const GoldenArray& array) {
  std::vector<float> values(array.bytes.size() / sizeof(float));
  memcpy(values.data(), array.bytes.data(), array.bytes.size());
  return values;
}

std::ptrdiff_t arg_max(const float* values, size_t n) {
  return std::max_element(values, values + n) - values;
}

TEST_P(RealModels, KeepTheirAnswers) {
  if (material_dir() == nullptr) GTEST_SKIP() << "MOTE_MATERIAL_DIR is not set";
  GoldenSet golden = read_golden(GetParam().set);
  QuantizeResult result = quantized(golden.model, {{floats(golden.inputs[0])}});
  ASSERT_TRUE(result.ok()) << result.text();
  EXPECT_TRUE(result.float_operators.empty()) << result.float_operators[0].reason;
  Running int8(result.bytes);
  std::vector<float> x = floats(golden.inputs[0]), expected = floats(golden.outputs[0]);
  size_t in = x.size() / golden.cases, out = expected.size() / golden.cases;
  double signal = 0, noise = 0;
  for (size_t c = 0; c < golden.cases; ++c) {
    auto begin = x.begin() + static_cast<ptrdiff_t>(c * in);
    std::vector<float> y = int8({{begin, begin + static_cast<ptrdiff_t>(in)}});
    const float* wanted = expected.data() + c * out;
    if (out > 1 && out < 100) {
      EXPECT_EQ(arg_max(y.data(), out), arg_max(wanted, out)) << c;
    }
    for (size_t i = 0; i < out; ++i) {
      double error = static_cast<double>(y[i]) - static_cast<double>(wanted[i]);
      signal += static_cast<double>(wanted[i]) * wanted[i];
      noise += error * error;
    }
  }
  EXPECT_GE(10 * std::log10(signal / noise), GetParam().sqnr_db);
}

INSTANTIATE_TEST_SUITE_P(Material, RealModels, testing::ValuesIn(kModels),
                         [](const auto& info) { return test_name(info.param.set); });

}  // namespace
}  // namespace mote::test
