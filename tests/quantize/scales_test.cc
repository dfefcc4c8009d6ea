#include "quantize/scales.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace mote::test {
namespace {

constexpr float kHuge = std::numeric_limits<float>::max();

double real(const ir::Quantization& q, int stored) {
  return static_cast<double>(q.scales[0]) * (stored - q.zero_points[0]);
}

TEST(Scales, PixelsFromZeroToOneAreExact) {
  ir::Quantization q = activation_quantization({0, 1});
  EXPECT_EQ(q.scales[0], 1.0f / 255.0f);
  EXPECT_EQ(q.zero_points[0], -128);
}

TEST(Scales, SymmetricRangeHasItsZeroInTheMiddle) {
  ir::Quantization q = activation_quantization({-2, 2});
  EXPECT_EQ(q.scales[0], 4.0f / 255.0f);
  // -128 + 127.5, ties to even.
  EXPECT_EQ(q.zero_points[0], 0);
}

TEST(Scales, ZeroIsInEveryRange) {
  for (ValueRange range : {ValueRange{3, 5}, {-5, -3}, {1e-6f, 1}, {-7, 0.001f}}) {
    ir::Quantization q = activation_quantization(range);
    EXPECT_GE(q.zero_points[0], -128);
    EXPECT_LE(q.zero_points[0], 127);
    // The rounded zero point shifts the covered range by half a step at most.
    EXPECT_LE(real(q, -128), std::fmin(range.min, 0) + 0.5001 * static_cast<double>(q.scales[0]));
    EXPECT_GE(real(q, 127), std::fmax(range.max, 0) - 0.5001 * static_cast<double>(q.scales[0]));
  }
}

TEST(Scales, RangesWithoutExtentGetASafeScale) {
  for (ValueRange range : {ValueRange{}, {0, 0}, {-0.0f, 0}}) {
    ir::Quantization q = activation_quantization(range);
    EXPECT_EQ(q.scales[0], 1.0f / 128.0f);
    EXPECT_EQ(q.zero_points[0], 0);
  }
}

TEST(Scales, StayWithinTheLimitsForAnyRange) {
  for (float v : {1e-44f, 1e-30f, 1.0f, 1e30f, kHuge}) {
    for (ValueRange range : {ValueRange{0, v}, {-v, 0}, {-v, v}}) {
      float scale = activation_quantization(range).scales[0];
      EXPECT_GE(scale, kMinActivationScale);
      EXPECT_LE(scale, kMaxActivationScale);
    }
  }
  EXPECT_FALSE(is_coverable({-kHuge, kHuge}));
  EXPECT_TRUE(is_coverable({-1e15f, 1e15f}));
}

WeightScaleRequest request(const std::vector<float>& weights, size_t channels, bool channels_last) {
  WeightScaleRequest r;
  r.weights = weights.data();
  r.count = weights.size();
  r.channels = channels;
  r.channels_last = channels_last;
  r.input_scale = 0.01f;
  return r;
}

TEST(WeightScales, ArePerOutputChannel) {
  std::vector<float> weights = {1, -127, 0.5f, 12.7f};
  EXPECT_EQ(weight_scales(request(weights, 2, false)),
            (std::vector<float>{127.0f / 127.0f, 12.7f / 127.0f}));
  EXPECT_EQ(weight_scales(request(weights, 2, true)),
            (std::vector<float>{1.0f / 127.0f, 127.0f / 127.0f}));
}

TEST(WeightScales, AChannelOfZerosTakesTheLargestOfTheLayer) {
  EXPECT_EQ(weight_scales(request({0, 0, 2.54f, 1}, 2, false)),
            (std::vector<float>{2.54f / 127.0f, 2.54f / 127.0f}));
  EXPECT_EQ(weight_scales(request({0, 0}, 2, false)),
            (std::vector<float>{1.0f / 127.0f, 1.0f / 127.0f}));
}

TEST(WeightScales, GrowUntilTheBiasFits) {
  std::vector<float> weights = {1e-9f, 1}, bias = {1000, 1000};
  WeightScaleRequest r = request(weights, 2, false);
  r.bias = bias.data();
  std::vector<float> scales = weight_scales(r);
  EXPECT_GT(scales[0], 1e-9f / 127.0f);
  EXPECT_LE(1000.0 / (0.01 * static_cast<double>(scales[0])), 0x1p29 * 1.00001);
  EXPECT_EQ(scales[1], 1.0f / 127.0f);
}

TEST(WeightScales, GrowUntilTheAccumulatorFits) {
  // 2^17 weights of 127 and inputs 255 from their zero point: twice what int32 holds.
  std::vector<float> weights(1 << 17, 1.0f);
  WeightScaleRequest r = request(weights, 1, false);
  r.input_zero_point = -128;
  double scale = static_cast<double>(weight_scales(r)[0]);
  EXPECT_LE(255.0 * std::nearbyint(1 / scale) * weights.size(), 2147483647.0);
  EXPECT_GE(255.0 * std::nearbyint(1 / scale) * weights.size(), 0.9 * 2147483647.0);
}

}  // namespace
}  // namespace mote::test
