// The method as a whole: scales of weights, ports, what stays float, calibration data that do not
// do.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "quantize/quantized.h"

namespace mote::test {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

// x [1, 4] -> dense of 3 -> relu.
GraphMaker dense_maker(const std::vector<float>& weights, const std::vector<float>& bias) {
  GraphMaker g;
  ir::ValueId x = g.input("x", ir::shape_of({1, 4}));
  ir::ValueId w = g.constant("w", ir::shape_of({3, 4}), weights);
  ir::ValueId b = g.constant("b", ir::shape_of({3}), bias);
  g.output(
      g.node(op_code::fully_connected, FullyConnectedAttrs{}, {x, w, b}, ir::shape_of({1, 3})));
  return g;
}
GraphMaker dense_maker() { return dense_maker(uniform(12, -1, 1, 1), {0.5f, -0.5f, 0}); }

const TensorInfo* tensor(const Model& model, const std::string& name) {
  for (uint32_t t = 0; t < model.tensor_count(); ++t)
    if (name == model.tensor(t).name) return &model.tensor(t);
  return nullptr;
}

CalibrationData samples(size_t n, uint32_t seed = 7) { return {{uniform(4 * n, -1, 1, seed)}}; }

TEST(PostTraining, WeightsHaveOneScalePerOutputChannel) {
  GraphMaker g = dense_maker({1, 2, 3, 127, 0.01f, -0.127f, 0, 0, 0, 0, 0, 1270}, {0, 0, 0});
  QuantizeResult result = quantized(file_of(g), samples(8));
  ASSERT_TRUE(result.ok()) << result.text();
  Running model(result.bytes);
  const TensorInfo* w = tensor(model.model(), "w/int8");
  ASSERT_NE(w, nullptr);
  ASSERT_EQ(w->quantization.scale_count, 3u);
  EXPECT_EQ(w->quantization.axis, 0);
  EXPECT_EQ(w->quantization.scale(0), 1);
  EXPECT_EQ(w->quantization.scale(1), 0.127f / 127.0f);
  EXPECT_EQ(w->quantization.scale(2), 10);
  auto* stored = static_cast<const int8_t*>(w->data);
  EXPECT_EQ(std::vector<int>(stored, stored + 12),
            (std::vector<int>{1, 2, 3, 127, 10, -127, 0, 0, 0, 0, 0, 127}));
}

TEST(PostTraining, UnequalChannelsKeepTheirPrecision) {
  // With one scale for all, the second channel would be rounded to zero.
  GraphMaker g =
      dense_maker({100, -100, 50, 25, 1e-3f, -2e-3f, 1e-3f, 3e-3f, 1, 1, 1, 1}, {0, 0, 0});
  g.graph().outputs.clear();
  StridedSliceAttrs a{};
  a.count = 2;
  a.end[0] = 1;
  a.begin[1] = 1;
  a.end[1] = 2;
  a.strides[0] = a.strides[1] = 1;
  ir::ValueId dense = g.graph().nodes[0].outputs[0];
  // Each channel to a range of its own, so that the output's scale does not hide the weights'.
  ir::ValueId scale = g.constant("s", ir::shape_of({3}), {1e-5f, 1, 1e-3f});
  ir::ValueId even = g.node(op_code::mul, BinaryAttrs{}, {dense, scale}, ir::shape_of({1, 3}));
  g.output(g.node(op_code::strided_slice, a, {even}, ir::shape_of({1, 1})));
  std::vector<uint8_t> file = file_of(g);
  QuantizeResult result = quantized(file, samples(64));
  ASSERT_TRUE(result.ok()) << result.text();
  Running model(result.bytes);
  const TensorInfo* w = tensor(model.model(), "w/int8");
  ASSERT_NE(w, nullptr);
  auto* stored = static_cast<const int8_t*>(w->data);
  EXPECT_EQ(std::vector<int>(stored + 4, stored + 8), (std::vector<int>{42, -85, 42, 127}));
}

TEST(PostTraining, BiasesAreInTheAccumulatorsScale) {
  GraphMaker g = dense_maker();
  QuantizeResult result = quantized(file_of(g), samples(8));
  ASSERT_TRUE(result.ok()) << result.text();
  Running model(result.bytes);
  const TensorInfo *w = tensor(model.model(), "w/int8"), *b = tensor(model.model(), "b/int32");
  ASSERT_NE(w, nullptr);
  ASSERT_NE(b, nullptr);
  EXPECT_EQ(b->type, Type::int32);
  float s_in = tensor_of(result, "x").scale;
  auto* stored = static_cast<const int32_t*>(b->data);
  for (uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(b->quantization.scale(i), s_in * w->quantization.scale(i));
    double real = static_cast<double>(b->quantization.scale(i)) * stored[i];
    EXPECT_NEAR(real, i == 0 ? 0.5 : i == 1 ? -0.5 : 0, b->quantization.scale(i));
  }
}

TEST(PostTraining, RequantizeScalesAreStored) {
  GraphMaker g = dense_maker();
  std::string y = g.graph().outputs[0].name;
  QuantizeResult result = quantized(file_of(g), samples(8));
  ASSERT_TRUE(result.ok()) << result.text();
  Running model(result.bytes);
  const TensorInfo *w = tensor(model.model(), "w/int8"), *r = tensor(model.model(), "w/requantize");
  ASSERT_NE(r, nullptr);
  for (uint32_t i = 0; i < 3; ++i) {
    float product = tensor_of(result, "x").scale * w->quantization.scale(i);
    EXPECT_EQ(static_cast<const float*>(r->data)[i], product / tensor_of(result, y).scale);
  }
}

TEST(PostTraining, PortsStayFloatUnlessAskedFor) {
  std::vector<uint8_t> file;
  {
    GraphMaker g = dense_maker();
    file = file_of(g);
  }
  for (bool int8_ports : {false, true}) {
    QuantizeOptions options;
    options.int8_ports = int8_ports;
    QuantizeResult result = quantized(file, samples(8), options);
    ASSERT_TRUE(result.ok()) << result.text();
    Running model(result.bytes);
    const EntryPointInfo& entry = model.model().entry_point(0);
    Type expected = int8_ports ? Type::int8 : Type::float32;
    EXPECT_STREQ(entry.inputs[0].name, "x");
    EXPECT_EQ(model.model().tensor(entry.inputs[0].tensor).type, expected);
    EXPECT_EQ(model.model().tensor(entry.outputs[0].tensor).type, expected);
    // The conversions and the dense layer, or that alone.
    EXPECT_EQ(model.model().operator_count(), int8_ports ? 1u : 3u);
  }
}

TEST(PostTraining, PortsDoNotChangeTheResult) {
  GraphMaker g = dense_maker();
  std::vector<uint8_t> file = file_of(g);
  QuantizeOptions with_int8;
  with_int8.int8_ports = true;
  Running a(quantized(file, samples(8)).bytes), b(quantized(file, samples(8), with_int8).bytes);
  std::vector<float> x = uniform(4, -1, 1, 99);
  EXPECT_EQ(a({x}), b({x}));
}

TEST(PostTraining, WhatHasNoInt8StaysFloatAndIsReported) {
  GraphMaker g;
  ir::ValueId a = g.input("a", ir::shape_of({1, 4, 4})), b = g.input("b", ir::shape_of({1, 4, 4}));
  ir::ValueId sum = g.add(a, b);
  ir::ValueId product =
      g.node(op_code::batch_matmul, BatchMatmulAttrs{}, {sum, b}, ir::shape_of({1, 4, 4}));
  g.graph().nodes.back().location = "here";
  g.output(g.add(product, a));
  std::vector<uint8_t> file = file_of(g);
  CalibrationData data{{uniform(160, -1, 1, 1), uniform(160, -1, 1, 2)}};
  QuantizeResult result = quantized(file, data);
  ASSERT_TRUE(result.ok()) << result.text();
  EXPECT_EQ(result.int8_operators, 2u);
  ASSERT_EQ(result.float_operators.size(), 1u);
  EXPECT_EQ(result.float_operators[0].op, "batch_matmul");
  EXPECT_EQ(result.float_operators[0].where, "here");
  EXPECT_NE(result.float_operators[0].reason, "");
  Running real(file), int8(result.bytes);
  std::vector<float> x(data.inputs[0].begin(), data.inputs[0].begin() + 16);
  std::vector<float> y(data.inputs[1].begin(), data.inputs[1].begin() + 16);
  std::vector<float> expected = real({x, y}), found = int8({x, y});
  // Values within 8, in 255 steps; products of 4 terms of half a step of 2 / 255 each.
  for (size_t i = 0; i < 16; ++i) EXPECT_NEAR(expected[i], found[i], 0.1);
}

TEST(PostTraining, BatchNormAloneIsOneInt8Operator) {
  GraphMaker g;
  ir::ValueId x = g.input("x", ir::shape_of({1, 2, 2, 3}));
  std::vector<ir::ValueId> inputs = {x};
  inputs.push_back(g.constant("scale", ir::shape_of({3}), {1, 2, 100}));
  inputs.push_back(g.constant("offset", ir::shape_of({3}), {0, 1, -1}));
  inputs.push_back(g.constant("mean", ir::shape_of({3}), {0.5f, 0, 0.1f}));
  inputs.push_back(g.constant("variance", ir::shape_of({3}), {1, 4, 10000}));
  g.output(
      g.node(op_code::batch_norm, BatchNormAttrs{1e-3f, 0, 0}, inputs, ir::shape_of({1, 2, 2, 3})));
  std::string y = g.graph().outputs[0].name;
  std::vector<uint8_t> file = file_of(g);
  QuantizeResult result = quantized(file, {{uniform(12 * 32, -1, 1, 4)}});
  ASSERT_TRUE(result.ok()) << result.text();
  EXPECT_EQ(result.int8_operators, 1u);
  EXPECT_TRUE(result.float_operators.empty());
  std::vector<float> sample = uniform(12, -1, 1, 5);
  std::vector<float> expected = Running(file)({sample}), found = Running(result.bytes)({sample});
  // A multiplier of 1 for every channel: half a step of the input and half of the output.
  double bound =
      0.51 * static_cast<double>(tensor_of(result, "x").scale + tensor_of(result, y).scale);
  for (size_t i = 0; i < 12; ++i) EXPECT_NEAR(expected[i], found[i], bound);
}

TEST(PostTraining, TheReportIsSortedAndPlausible) {
  GraphMaker g = dense_maker();
  QuantizeResult result = quantized(file_of(g), samples(64));
  ASSERT_TRUE(result.ok()) << result.text();
  ASSERT_EQ(result.tensors.size(), 2u);
  EXPECT_LE(result.tensors[0].sqnr_db, result.tensors[1].sqnr_db);
  // A uniform value in 255 steps: 6.02 dB for each of 8 bits.
  const QuantizedTensor& x = tensor_of(result, "x");
  EXPECT_NEAR(x.sqnr_db, 48, 1.5);
  EXPECT_LE(x.max_error, 0.51 * static_cast<double>(x.scale));
  EXPECT_EQ(x.where, "");
  EXPECT_EQ(result.samples, 64u);
}

TEST(PostTraining, TheSameCallGivesTheSameBytes) {
  GraphMaker g = dense_maker();
  std::vector<uint8_t> file = file_of(g);
  EXPECT_EQ(quantized(file, samples(8)).bytes, quantized(file, samples(8)).bytes);
}

TEST(PostTraining, SamplesAreSpreadOverTheData) {
  GraphMaker g = dense_maker();
  // The largest value stands in the second half.
  std::vector<float> values(4 * 100, 0.5f);
  values[4 * 50] = 20;
  QuantizeOptions options;
  options.samples = 10;
  QuantizeResult result = quantized(file_of(g), {{values}}, options);
  ASSERT_TRUE(result.ok()) << result.text();
  EXPECT_EQ(result.samples, 10u);
  EXPECT_EQ(tensor_of(result, "x").max, 20);
}

TEST(PostTraining, ConstantAndZeroDataGiveSafeScales) {
  for (float value : {0.0f, 3.0f, -3.0f, 1e-38f}) {
    GraphMaker g = dense_maker();
    QuantizeResult result = quantized(file_of(g), {{std::vector<float>(16, value)}});
    ASSERT_TRUE(result.ok()) << value << result.text();
    Running model(result.bytes);
    for (float y : model({{0, 0, 0, 0}})) EXPECT_TRUE(std::isfinite(y));
  }
}

TEST(PostTraining, CalibrationDataThatDoNotFitAreRefused) {
  GraphMaker g = dense_maker();
  std::vector<uint8_t> file = file_of(g);
  const CalibrationData kBad[] = {
      {},
      {{{}}},
      {{{1, 2, 3}}},
      {{{1, 2, 3, 4, 5}}},
      {{{1, 2, 3, 4}, {1, 2, 3, 4}}},
      {{{1, 2, kNaN, 4}}},
      {{{1, 2, std::numeric_limits<float>::infinity(), 4}}},
      {{{1, 2, 3, 3e38f}}},
  };
  for (const CalibrationData& data : kBad) {
    QuantizeResult result = quantized(file, data);
    EXPECT_FALSE(result.ok());
    EXPECT_TRUE(result.bytes.empty());
    EXPECT_NE(result.text(), "");
  }
}

TEST(PostTraining, OverflowInsideTheModelIsNamed) {
  GraphMaker g = dense_maker(std::vector<float>(12, 1e38f), {0, 0, 0});
  std::string y = g.graph().outputs[0].name;
  QuantizeResult result = quantized(file_of(g), {{{100, 100, 100, 100}}});
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.text().find("'" + y + "'"), std::string::npos) << result.text();
}

TEST(PostTraining, WrongUseIsRefused) {
  GraphMaker g = dense_maker();
  std::vector<uint8_t> file = file_of(g);
  QuantizeOptions options;
  options.observer = "median";
  EXPECT_FALSE(quantized(file, samples(8), options).ok());
  options = {};
  options.entry_point = "absent";
  EXPECT_FALSE(quantized(file, samples(8), options).ok());
  EXPECT_FALSE(quantized({1, 2, 3}, samples(8)).ok());
  EXPECT_FALSE(quantized({}, samples(8)).ok());
  // A model that is int8 already.
  QuantizeResult once = quantized(file, samples(8));
  EXPECT_FALSE(quantized(once.bytes, samples(8)).ok());
}

TEST(PostTraining, ABatchThatIsDynamicStaysSo) {
  GraphMaker g;
  ShapeBounds bounds = ir::shape_of({1, 4});
  bounds.dims[0] = {1, 64};
  ir::ValueId x = g.input("x", bounds);
  ir::ValueId w = g.constant("w", ir::shape_of({3, 4}), uniform(12, -1, 1, 1));
  ShapeBounds out = ir::shape_of({1, 3});
  out.dims[0] = {1, 64};
  g.output(g.node(op_code::fully_connected, FullyConnectedAttrs{}, {x, w}, out));
  // 37 samples: two runs of 16 and one of 5.
  QuantizeResult result = quantized(file_of(g), samples(37));
  ASSERT_TRUE(result.ok()) << result.text();
  EXPECT_EQ(result.samples, 37u);
  Running model(result.bytes);
  const TensorInfo& port = model.model().tensor(model.model().entry_point(0).inputs[0].tensor);
  EXPECT_EQ(port.bounds.dims[0].max, 64);
}

}  // namespace
}  // namespace mote::test
