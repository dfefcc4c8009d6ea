// Whole graphs of QuantizeLinear and DequantizeLinear: what becomes integers and what does not.
#include "converter/qdq_builder.h"

namespace mote::test {
namespace {

TEST_F(FuseQdq, PortsOfIntegersKeepTheirType) {
  QdqBuilder b;
  b.input("x", kImage, kUint8);
  std::string x = b.dequantize("x", kIn);
  b.output(b.quantize(conv(b, x, b.weights({5, 6, 3, 3}, 0), 5, 1, {0, 0, 0, 0}), kOut));
  expect_one_step(b, 1);
  EXPECT_EQ(float_operators(), "");
  EXPECT_EQ(count(op_code::quantize) + count(op_code::dequantize), 0);
  EXPECT_EQ(graph().value(graph().outputs[0].value).type, Type::uint8);
}

TEST_F(FuseQdq, AnOperatorWithoutInt8StaysFloatBetweenConversions) {
  QdqBuilder b;
  b.input("x", kRows);
  std::string x = b.through(b.op("Relu", {b.through("x", kIn)}), {0.05f, 0});
  b.output(b.through(b.op("LogSoftmax", {x}), {0.1f, 255}));
  expect_one_step(b, 0.1);
  EXPECT_EQ(float_operators(), "log_softmax ");
}

TEST_F(FuseQdq, WeightsByInputChannelStayFloat) {
  QdqBuilder b;
  b.input("x", kImage);
  std::string y = conv(b, b.through("x", kIn), b.weights({5, 6, 3, 3}, 1), 5, 1, {0, 0, 0, 0});
  b.output(b.through(y, kOut));
  expect_one_step(b, kOut.scale);
  EXPECT_EQ(float_operators(), "conv2d ");
}

TEST_F(FuseQdq, ABiasThatLeavesInt32StaysFloat) {
  QdqBuilder b;
  b.input("x", kRows);
  std::string y = b.op("Gemm", {b.through("x", kIn), b.weights({20, 7}, 1),
                                b.floats({7}, std::vector<float>(7, 1e6f))});
  b.output(b.through(b.op("Add", {y, b.scalar(-1e6f)}), kOut));
  import(b);
  run_passes(module, true, diagnostics);
  EXPECT_EQ(diagnostics.text(), "");
  EXPECT_EQ(count(op_code::fully_connected), 1);
  EXPECT_NE(float_operators(), "");
}

TEST_F(FuseQdq, AChannelThatIsItsBiasAloneGetsAScaleForIt) {
  QdqBuilder b;
  b.input("x", kRows);
  std::string w = b.op("DequantizeLinear",
                       {b.random_bytes(kInt8, {20, 3}), b.floats({3}, {0.003f, 2e-12f, 1e-35f}),
                        b.integers(kInt8, {3}, {0, 0, 0})});
  OnnxBuilder::set_int(b.last(), "axis", 1);
  b.output(
      b.through(b.op("Gemm", {b.through("x", kIn), w, b.floats({3}, {1, -2.3f, 4.5f})}), kOut));
  expect_one_step(b, kOut.scale);
  EXPECT_EQ(float_operators(), "");
}

TEST_F(FuseQdq, AFloatResultKeepsItsFloatOperator) {
  QdqBuilder b;
  b.input("x", kRows);
  b.output(b.op("MatMul", {b.through("x", kIn), b.weights({20, 7}, 1)}));
  import(b);
  run_passes(module, true, diagnostics);
  EXPECT_EQ(float_operators(), "fully_connected ");
}

TEST_F(FuseQdq, AResultThatIsAlsoReadAsFloatIsNotRounded) {
  QdqBuilder b;
  b.input("x", kRows);
  std::string y = b.op("MatMul", {b.through("x", kIn), b.weights({20, 7}, 1)});
  b.output(b.through(y, kOut));
  b.output(b.op("LogSoftmax", {y}));
  import(b);
  run_passes(module, true, diagnostics);
  EXPECT_EQ(float_operators(), "fully_connected log_softmax ");
}

TEST_F(FuseQdq, EqualConversionsInARowVanish) {
  QdqBuilder b;
  b.input("x", kRows);
  b.output(b.through(b.through(b.through("x", kIn), kIn), kIn));
  expect_one_step(b, kIn.scale);
  EXPECT_EQ(graph().nodes.size(), 2u);
}

TEST_F(FuseQdq, TrainingKeepsFloat) {
  QdqBuilder b;
  b.input("x", kRows);
  b.output(b.through(b.op("MatMul", {b.through("x", kIn), b.weights({20, 7}, 1)}), kOut));
  import(b);
  run_passes(module, true, diagnostics, /*trainable=*/true);
  EXPECT_EQ(diagnostics.text(), "");
  EXPECT_NE(float_operators(), "");
  for (const ir::Value& v : graph().values)
    EXPECT_FALSE(v.type == Type::float32 && v.quantization.quantized()) << v.name;
}

TEST_F(FuseQdq, WithoutOptimizationTheConversionsAreOperators) {
  QdqBuilder b;
  b.input("x", kRows);
  b.output(b.through(b.op("MatMul", {b.through("x", kIn), b.weights({20, 7}, 1)}), kOut));
  import(b);
  run_passes(module, /*optimize=*/false, diagnostics);
  EXPECT_EQ(diagnostics.text(), "");
  EXPECT_EQ(count(op_code::quantize), 2);
}

}  // namespace
}  // namespace mote::test
