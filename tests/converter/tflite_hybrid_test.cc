// Models that are quantized for storage: int8 weights, float activations.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "import/tflite/tflite.h"
#include "ir/evaluator.h"
#include "mote/converter.h"
#include "tflite_builder.h"

namespace mote::test {
namespace {

constexpr int32_t kConv = 3, kFullyConnected = 9, kBatchMatmul = 126;
constexpr int kTerms = 64, kResults = 48, kRows = 3;

int8_t weight(int i) { return static_cast<int8_t>((i * 37) % 255 - 127); }
float activation(int i) { return std::sin(0.7f * static_cast<float>(i)); }
float bias(int i) { return 0.5f * static_cast<float>(i % 5) - 1; }

std::vector<uint8_t> weights(int count) {
  std::vector<uint8_t> out;
  for (int i = 0; i < count; ++i) out.push_back(static_cast<uint8_t>(weight(i)));
  return out;
}

struct TfliteHybrid : testing::Test {
  TfliteBuilder b;
  ConvertOptions options;
  Diagnostics diagnostics;

  std::vector<uint8_t> fully_connected(const std::vector<float>& scales,
                                       tfl::Activation activation = tfl::Activation::NONE) {
    int32_t x = b.tensor({"x", {kRows, kTerms}});
    int32_t w = b.tensor({"w",
                          {kResults, kTerms},
                          tfl::TensorType::INT8,
                          scales,
                          std::vector<int64_t>(scales.size()),
                          0,
                          weights(kResults * kTerms)});
    std::vector<float> biases;
    for (int i = 0; i < kResults; ++i) biases.push_back(bias(i));
    int32_t c = b.tensor({"b", {kResults}, {}, {}, {}, 0, bytes_of(biases)});
    int32_t y = b.tensor({"y", {kRows, kResults}});
    auto o = tfl::CreateFullyConnectedOptions(b.fbb, activation);
    b.op(kFullyConnected, {x, w, c}, {y}, tfl::BuiltinOptions::FullyConnectedOptions, o.Union());
    b.subgraph({x}, {y});
    return b.finish();
  }
  ir::Graph import(const std::vector<uint8_t>& bytes) {
    ir::Module m = import_tflite({bytes.data(), bytes.size()}, options, diagnostics);
    EXPECT_TRUE(diagnostics.empty()) << diagnostics.text();
    return m.graphs.empty() ? ir::Graph{} : m.graphs[0];
  }
  // Of `activation` as input.
  std::vector<float> run(const std::vector<uint8_t>& bytes) {
    ir::Graph g = import(bytes);
    std::vector<float> x;
    for (int i = 0; i < kRows * kTerms; ++i) x.push_back(activation(i));
    auto y = evaluate(g, {{Shape{{kRows, kTerms}, 2}, bytes_of(x)}}, diagnostics);
    EXPECT_TRUE(diagnostics.empty()) << diagnostics.text();
    if (y.size() != 1) return {};
    const auto* p = reinterpret_cast<const float*>(y[0].bytes.data());
    return {p, p + y[0].bytes.size() / sizeof(float)};
  }
  static size_t stored_bytes(const ir::Graph& g, Type type) {
    size_t bytes = 0;
    for (const ir::Value& v : g.values)
      if (v.kind == TensorKind::constant && v.type == type) bytes = std::max(bytes, v.data->size());
    return bytes;
  }
};

// With a step of 1/127 per row, each of 64 products is off by at most half a step of |x| <= 1 times
// a weight of at most 127 * 0.01.
constexpr double kBound = 64 * 0.5 / 127 * 1.27;

TEST_F(TfliteHybrid, ProductsAreThoseOfTheFloatWeights) {
  std::vector<float> scales;
  for (int i = 0; i < kResults; ++i) scales.push_back(0.01f / static_cast<float>(1 + i % 3));
  for (const std::vector<float>& s : {scales, std::vector<float>{0.01f}}) {
    b = TfliteBuilder();
    std::vector<float> y = run(fully_connected(s));
    ASSERT_EQ(y.size(), size_t{kRows * kResults});
    for (int r = 0; r < kRows; ++r)
      for (int j = 0; j < kResults; ++j) {
        double sum = static_cast<double>(bias(j));
        for (int k = 0; k < kTerms; ++k)
          sum += static_cast<double>(activation(r * kTerms + k)) * weight(j * kTerms + k) *
                 static_cast<double>(s[s.size() == 1 ? 0 : static_cast<size_t>(j)]);
        EXPECT_NEAR(static_cast<double>(y[static_cast<size_t>(r * kResults + j)]), sum, kBound);
      }
  }
}

TEST_F(TfliteHybrid, WeightsStayInt8InTheFile) {
  std::vector<uint8_t> source = fully_connected({0.01f});
  ConvertResult result = convert({source.data(), source.size()});
  ASSERT_TRUE(result.ok()) << result.text();
  ir::Graph g = import(source);
  EXPECT_EQ(stored_bytes(g, Type::int8), size_t{kResults * kTerms});
  EXPECT_LT(stored_bytes(g, Type::float32), size_t{kResults * kTerms});
}

TEST_F(TfliteHybrid, WhatIsTrainedIsFloat) {
  options.trainable = true;
  ir::Graph g = import(fully_connected({0.01f}));
  EXPECT_EQ(stored_bytes(g, Type::float32), size_t{kResults * kTerms} * sizeof(float));
}

TEST_F(TfliteHybrid, AFusedActivationComesLast) {
  std::vector<float> plain = run(fully_connected({0.01f}));
  b = TfliteBuilder();
  std::vector<float> relu = run(fully_connected({0.01f}, tfl::Activation::RELU));
  b = TfliteBuilder();
  std::vector<float> tanh = run(fully_connected({0.01f}, tfl::Activation::TANH));
  b = TfliteBuilder();
  std::vector<float> sign = run(fully_connected({0.01f}, tfl::Activation::SIGN_BIT));
  ASSERT_EQ(plain.size(), relu.size());
  ASSERT_EQ(plain.size(), tanh.size());
  ASSERT_EQ(plain.size(), sign.size());
  EXPECT_LT(*std::min_element(plain.begin(), plain.end()), 0);
  for (size_t i = 0; i < plain.size(); ++i) {
    EXPECT_EQ(relu[i], std::max(plain[i], 0.0f));
    EXPECT_NEAR(tanh[i], std::tanh(plain[i]), 1e-6);  // a few steps of float32
    EXPECT_EQ(sign[i], plain[i] < 0 ? 1 : 0);
  }
}

TEST_F(TfliteHybrid, ARowOfZerosIsNoDivisionByZero) {
  std::vector<uint8_t> source = fully_connected({0.01f});
  ir::Graph g = import(source);
  auto y =
      evaluate(g, {{Shape{{kRows, kTerms}, 2}, bytes_of(std::vector<float>(kRows * kTerms, 0.0f))}},
               diagnostics);
  ASSERT_EQ(y.size(), 1u);
  for (int j = 0; j < kResults; ++j)
    EXPECT_EQ(reinterpret_cast<const float*>(y[0].bytes.data())[j], bias(j));
}

TEST_F(TfliteHybrid, MatrixProductsAreToo) {
  for (bool transposed : {false, true}) {
    b = TfliteBuilder();
    const std::vector<int32_t> shape = transposed ? std::vector<int32_t>{kResults, kTerms}
                                                  : std::vector<int32_t>{kTerms, kResults};
    int32_t x = b.tensor({"x", {kRows, kTerms}});
    int32_t w =
        b.tensor({"w", shape, tfl::TensorType::INT8, {0.01f}, {0}, 0, weights(kResults * kTerms)});
    int32_t y = b.tensor({"y", {kRows, kResults}});
    auto o = tfl::CreateBatchMatMulOptions(b.fbb, false, transposed);
    b.op(kBatchMatmul, {x, w}, {y}, tfl::BuiltinOptions::BatchMatMulOptions, o.Union());
    b.subgraph({x}, {y});
    std::vector<float> result = run(b.finish());
    ASSERT_EQ(result.size(), size_t{kRows * kResults});
    double sum = 0;
    for (int k = 0; k < kTerms; ++k)
      sum += static_cast<double>(activation(kTerms + k)) * 0.01 *
             weight(transposed ? 2 * kTerms + k : k * kResults + 2);
    EXPECT_NEAR(static_cast<double>(result[kResults + 2]), sum, kBound);
  }
}

TEST_F(TfliteHybrid, ConvolutionsHaveFloatWeights) {
  int32_t x = b.tensor({"x", {1, 4, 4, 2}});
  int32_t w = b.tensor({"w", {2, 1, 1, 2}, tfl::TensorType::INT8, {0.5f}, {0}, 0, weights(4)});
  int32_t y = b.tensor({"y", {1, 4, 4, 2}});
  auto o = tfl::CreateConv2DOptions(b.fbb, tfl::Padding::VALID, 1, 1);
  b.op(kConv, {x, w}, {y}, tfl::BuiltinOptions::Conv2DOptions, o.Union());
  b.subgraph({x}, {y});
  ir::Graph g = import(b.finish());
  ASSERT_EQ(g.nodes.size(), 1u);
  EXPECT_EQ(g.value(g.nodes[0].inputs[1]).type, Type::float32);
}

}  // namespace
}  // namespace mote::test
