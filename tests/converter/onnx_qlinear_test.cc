// QLinearConv, QLinearAdd, ... and integers that are only moved: integer operators, as QDQ graphs.
#include "converter/qdq_builder.h"

namespace mote::test {
namespace {

struct Stored : FuseQdq {
  QdqBuilder b;
  std::vector<std::string> parameters(const std::string& x, Scale q) {
    return {x, b.scalar(q.scale), b.zero(b.type(), b.stored(q.zero_point))};
  }
  static std::vector<std::string> joined(std::vector<std::string> a,
                                         const std::vector<std::string>& rest) {
    a.insert(a.end(), rest.begin(), rest.end());
    return a;
  }
  std::vector<std::string> result(Scale q) {
    return {b.scalar(q.scale), b.zero(b.type(), b.stored(q.zero_point))};
  }
  std::string contrib(const std::string& op, const std::vector<std::string>& inputs) {
    std::string y = b.op(op, inputs);
    b.last()->set_domain("com.microsoft");
    return y;
  }
  std::string int8_weights(const std::vector<int64_t>& shape, std::vector<std::string>* inputs) {
    std::string w = b.random_bytes(kInt8, shape);
    *inputs = joined(*inputs, {w, b.scalar(0.003f), b.zero(kInt8, 0)});
    return w;
  }
  void expect_integers(double scale = 1) {
    expect_one_step(b, scale);
    EXPECT_EQ(float_operators(), "");
  }
};

TEST_F(Stored, QLinearConvThenMaxPoolThenReshape) {
  b.input("x", kImage, kUint8);
  std::vector<std::string> inputs = parameters("x", kIn);
  int8_weights({5, 6, 3, 3}, &inputs);
  inputs = joined(joined(inputs, result(kOut)),
                  {b.integers(onnx::TensorProto::INT32, {5}, {100, -2000, 0, 77, 5000})});
  std::string y = b.op("QLinearConv", inputs);
  y = b.op("Reshape", {pool(b, "MaxPool", y, {1, 1, 1, 1}, 0), b.longs({1, -1})});
  b.output(b.dequantize(y, kOut));
  expect_integers(kOut.scale);
  EXPECT_EQ(count(op_code::conv2d), 1);
  EXPECT_EQ(count(op_code::cast), 1);  // of the input
}

TEST_F(Stored, PadOfIntegers) {
  b.input("x", kImage, kUint8);
  std::string x =
      b.op("Pad", {"x", b.longs({0, 1, 0, 2, 0, 0, 1, 0}), b.integers(kUint8, {}, {7})});
  b.output(b.quantize(b.op("Relu", {b.dequantize(x, kIn)}), kOut));
  expect_integers();
}

TEST_F(Stored, PadAfterQuantize) {
  b.input("x", kImage);
  std::string x = b.quantize("x", kIn);
  x = b.op("Pad", {x, b.longs({0, 1, 0, 2, 0, 0, 1, 0}), b.integers(kUint8, {}, {7})});
  b.output(b.dequantize(x, kIn));
  expect_integers(kIn.scale);
  EXPECT_EQ(count(op_code::cast), 0);
}

TEST_F(Stored, QLinearMatMul) {
  b.input("x", kRows, kUint8);
  std::vector<std::string> inputs = parameters("x", kIn);
  int8_weights({20, 7}, &inputs);
  b.output(b.op("QLinearMatMul", joined(inputs, result(kOut))));
  expect_integers();
  EXPECT_EQ(count(op_code::fully_connected), 1);
}

TEST_F(Stored, QGemm) {
  b.input("x", kRows, kUint8);
  std::vector<std::string> inputs = parameters("x", kIn);
  int8_weights({20, 3}, &inputs);
  inputs = joined(inputs, {b.integers(onnx::TensorProto::INT32, {3}, {100, -2000, 9})});
  b.output(contrib("QGemm", joined(inputs, result(kOut))));
  expect_integers();
  EXPECT_EQ(count(op_code::fully_connected), 1);
}

TEST_F(Stored, QLinearAddMulConcatAndWhere) {
  b.input("x", kRows, kUint8);
  b.input("b", kRows, kUint8);
  b.input("c", kRows, onnx::TensorProto::BOOL);
  const auto x = parameters("x", kIn), other = parameters("b", kOther);
  std::string sum = contrib("QLinearAdd", joined(joined(x, other), result(kOut)));
  std::string product =
      contrib("QLinearMul", joined(joined(x, parameters(sum, kOut)), result({0.5f, 90})));
  std::string where =
      contrib("QLinearWhere",
              joined(joined(joined({"c"}, parameters(sum, kOut)), parameters(product, {0.5f, 90})),
                     result({0.5f, 90})));
  std::string y = contrib(
      "QLinearConcat",
      joined(joined(result({0.5f, 90}), parameters(where, {0.5f, 90})), parameters("b", kOther)));
  OnnxBuilder::set_int(b.last(), "axis", 1);
  b.output(y);
  expect_integers();
}

TEST_F(Stored, QLinearPoolsSoftmaxAndActivations) {
  b.input("x", kImage, kUint8);
  std::string y = contrib("QLinearLeakyRelu", joined(parameters("x", kIn), result(kIn)));
  y = contrib("QLinearAveragePool", joined(parameters(y, kIn), result({0.03f, 100})));
  b.set_ints("kernel_shape", {2, 2});
  y = contrib("QLinearSigmoid", joined(parameters(y, {0.03f, 100}), result({1.0f / 256, 0})));
  y = contrib("QLinearGlobalAveragePool",
              joined(parameters(y, {1.0f / 256, 0}), result({0.001f, 0})));
  b.output(y);
  import(b);
  run_passes(module, true, diagnostics);
  EXPECT_EQ(diagnostics.text(), "");
  EXPECT_EQ(float_operators(), "");
}

TEST_F(Stored, QLinearSoftmaxAndReduceMean) {
  b.input("x", kRows, kUint8);
  b.output(contrib("QLinearSoftmax", joined(parameters("x", kIn), result({1.0f / 256, 0}))));
  OnnxBuilder::set_int(b.last(), "opset", 13);
  expect_integers();
}

TEST_F(Stored, QLinearReduceMean) {
  b.input("x", kImage, kUint8);
  b.output(contrib("QLinearReduceMean", joined(parameters("x", kIn), result({0.01f, 120}))));
  b.set_ints("axes", {2, 3});
  expect_integers();
}

}  // namespace
}  // namespace mote::test
