// Each operator between DequantizeLinear and QuantizeLinear becomes one on integers: none in
// float32 is left, and every result is at most one step of its scale away.
#include <functional>

#include "converter/qdq_builder.h"

namespace mote::test {
namespace {

// A graph between inputs "x", "b" and what it returns.
using Body = std::function<std::string(QdqBuilder&, const std::string& x)>;

struct Case {
  const char* name;
  std::vector<int64_t> x;
  Body body;  // of a dequantized x to a float result
  Scale out = kOut;
  Scale in = kIn;
};
void PrintTo(const Case& c, std::ostream* os) { *os << c.name; }

std::string resize(QdqBuilder& b, const std::string& x, const char* mode) {
  std::string y = b.op("Resize", {x, "", b.floats({4}, {1, 1, 2, 2})});
  auto* a = OnnxBuilder::attribute(b.last(), "mode", onnx::AttributeProto::STRING);
  a->set_s(mode);
  auto* t = OnnxBuilder::attribute(b.last(), "coordinate_transformation_mode",
                                   onnx::AttributeProto::STRING);
  t->set_s("asymmetric");
  return y;
}

std::string reduced(QdqBuilder& b, const char* op, const std::string& x) {
  std::string y = b.op(op, {x});
  b.set_ints("axes", {2, 3});
  return y;
}

Body unary(const char* op) {
  return [op](QdqBuilder& b, const std::string& x) { return b.op(op, {x}); };
}
// With a second operand that is quantized otherwise.
Body binary(const char* op) {
  return [op](QdqBuilder& b, const std::string& x) {
    b.input("b", {1, 6, 1, 8});
    return b.op(op, {x, b.through("b", kOther)});
  };
}

std::vector<Case> convolution_cases() {
  return {
      {"Conv", kImage,
       [](QdqBuilder& b, const std::string& x) {
         return conv(b, x, b.weights({5, 6, 3, 3}, 0), 5, 1, {1, 1, 1, 1});
       }},
      {"ConvWithoutBias", kImage,
       [](QdqBuilder& b, const std::string& x) {
         return conv(b, x, b.weights({5, 6, 3, 3}, 0), 0, 1, {0, 0, 0, 0});
       }},
      {"ConvInGroups", kImage,
       [](QdqBuilder& b, const std::string& x) {
         return conv(b, x, b.weights({4, 3, 3, 3}, 0), 4, 2, {1, 0, 0, 1});
       }},
      {"ConvDepthwise", kImage,
       [](QdqBuilder& b, const std::string& x) {
         return conv(b, x, b.weights({6, 1, 3, 3}, 0), 6, 6, {1, 1, 1, 1});
       }},
      {"ConvUnevenWeights", kImage,
       [](QdqBuilder& b, const std::string& x) {
         return conv(b, x, b.uneven_weights({5, 6, 3, 3}), 5, 1, {1, 1, 1, 1});
       }},
      {"ConvRelu", kImage,
       [](QdqBuilder& b, const std::string& x) {
         return b.op("Relu", {conv(b, x, b.weights({5, 6, 1, 1}, 0), 5, 1, {0, 0, 0, 0})});
       }},
      {"ConvClip", kImage,
       [](QdqBuilder& b, const std::string& x) {
         return b.op("Clip", {conv(b, x, b.weights({5, 6, 1, 1}, 0), 5, 1, {0, 0, 0, 0}),
                              b.scalar(-1.3f), b.scalar(4.1f)});
       }},
      {"Conv1d",
       {1, 6, 9},
       [](QdqBuilder& b, const std::string& x) {
         return conv(b, x, b.weights({5, 6, 3}, 0), 5, 1, {1, 1});
       }},
      {"ConvTranspose", kImage,
       [](QdqBuilder& b, const std::string& x) {
         return conv(b, x, b.weights({6, 4, 3, 3}, 1), 4, 1, {1, 1, 1, 1}, "ConvTranspose");
       }},
  };
}

std::vector<Case> matrix_cases() {
  return {
      {"Gemm", kRows,
       [](QdqBuilder& b, const std::string& x) {
         std::string y = b.op("Gemm", {x, b.weights({7, 20}, 0), b.bias(7)});
         OnnxBuilder::set_int(b.last(), "transB", 1);
         return y;
       }},
      {"MatMulByWeights", kRows,
       [](QdqBuilder& b, const std::string& x) {
         return b.op("MatMul", {x, b.weights({20, 7}, 1)});
       }},
      {"MatMulByActivations",
       {2, 3, 20},
       [](QdqBuilder& b, const std::string& x) {
         b.input("b", {2, 20, 4});
         return b.op("MatMul", {x, b.through("b", kOther)});
       },
       {0.5f, 110}},
  };
}

std::vector<Case> elementwise_cases() {
  return {
      {"Add", kImage, binary("Add")},
      {"Sub", kImage, binary("Sub")},
      {"Mul", kImage, binary("Mul")},
      {"Min", kImage, binary("Min")},
      {"Max", kImage, binary("Max")},
      {"AddConstant", kImage,
       [](QdqBuilder& b, const std::string& x) {
         return b.op("Add", {x, b.uneven_weights({6, 1, 1})});
       }},
      {"MulScalar", kImage,
       [](QdqBuilder& b, const std::string& x) { return b.op("Mul", {x, b.scalar(1.7f)}); }},
      {"DivScalar", kImage,
       [](QdqBuilder& b, const std::string& x) { return b.op("Div", {x, b.scalar(-0.6f)}); }},
      {"PRelu", kImage,
       [](QdqBuilder& b, const std::string& x) {
         return b.op("PRelu", {x, b.uneven_weights({6, 1, 1})});
       }},
      {"Where", kImage,
       [](QdqBuilder& b, const std::string& x) {
         b.input("c", {9, 8}, onnx::TensorProto::BOOL);
         b.input("b", {1, 6, 1, 8});
         return b.op("Where", {"c", x, b.through("b", kOther)});
       }},
  };
}

std::vector<Case> functions_cases() {
  return {
      {"Sigmoid", kRows, unary("Sigmoid"), {1.0f / 256, 0}},
      {"Tanh", kRows, unary("Tanh"), {1.0f / 128, 128}},
      {"LeakyRelu", kRows, unary("LeakyRelu")},
      {"HardSwish", kRows, unary("HardSwish")},
      {"Relu", kRows, unary("Relu")},
      {"ReluThatChangesNothing", kRows, unary("Relu"), {0.04f, 0}, {0.04f, 0}},
      {"Abs", kRows, unary("Abs")},
      {"Sqrt", kRows, unary("Sqrt"), kOut, {0.02f, 0}},
      {"Softmax", kRows, unary("Softmax"), {1.0f / 256, 0}},
      {"SoftmaxOtherAxis",
       {1, 5, 4, 3},
       [](QdqBuilder& b, const std::string& x) {
         std::string y = b.op("Softmax", {x});
         OnnxBuilder::set_int(b.last(), "axis", 1);
         return y;
       },
       {1.0f / 256, 0}},
  };
}

std::vector<Case> windows_cases() {
  return {
      {"MaxPool", kImage,
       [](QdqBuilder& b, const std::string& x) { return pool(b, "MaxPool", x, {1, 1, 1, 1}, 0); }},
      {"AveragePoolSameScale", kImage,
       [](QdqBuilder& b, const std::string& x) {
         return pool(b, "AveragePool", x, {1, 1, 1, 1}, 0);
       },
       kIn},
      {"AveragePool",
       kImage,
       [](QdqBuilder& b, const std::string& x) {
         return pool(b, "AveragePool", x, {0, 0, 0, 0}, 0);
       },
       {0.013f, 118}},
      {"AveragePoolCountsPads",
       kImage,
       [](QdqBuilder& b, const std::string& x) {
         return pool(b, "AveragePool", x, {1, 1, 1, 1}, 1);
       },
       {0.013f, 118}},
      {"GlobalAveragePool", kImage, unary("GlobalAveragePool"), {0.007f, 118}},
      {"GlobalMaxPool", kImage, unary("GlobalMaxPool")},
      {"ReduceMean",
       kImage,
       [](QdqBuilder& b, const std::string& x) { return reduced(b, "ReduceMean", x); },
       {0.007f, 118}},
      {"ReduceMax", kImage,
       [](QdqBuilder& b, const std::string& x) { return reduced(b, "ReduceMax", x); }},
      {"ResizeLinear", kImage,
       [](QdqBuilder& b, const std::string& x) { return resize(b, x, "linear"); }, kIn},
      {"ResizeNearest", kImage,
       [](QdqBuilder& b, const std::string& x) { return resize(b, x, "nearest"); }},
  };
}

std::vector<Case> movement_cases() {
  return {
      {"Concat", kImage,
       [](QdqBuilder& b, const std::string& x) {
         b.input("b", {1, 2, 9, 8});
         std::string y = b.op("Concat", {x, b.through("b", kOther),
                                         b.floats({1, 1, 9, 8}, std::vector<float>(72, 0.77f))});
         OnnxBuilder::set_int(b.last(), "axis", 1);
         return y;
       }},
      {"Transpose", kImage,
       [](QdqBuilder& b, const std::string& x) {
         std::string y = b.op("Transpose", {x});
         b.set_ints("perm", {0, 3, 1, 2});
         return y;
       }},
      {"Reshape", kImage,
       [](QdqBuilder& b, const std::string& x) { return b.op("Reshape", {x, b.longs({2, -1})}); }},
      {"Slice", kImage,
       [](QdqBuilder& b, const std::string& x) {
         return b.op("Slice", {x, b.longs({1}), b.longs({4}), b.longs({1})});
       }},
      {"PadByValue", kImage,
       [](QdqBuilder& b, const std::string& x) {
         return b.op("Pad", {x, b.longs({0, 1, 0, 2, 0, 0, 1, 0}), b.scalar(1.02f)});
       },
       kIn},
      {"Gather", kImage,
       [](QdqBuilder& b, const std::string& x) { return b.op("Gather", {x, b.longs({2, 0, 1})}); },
       kOut, kIn},
      {"NothingButAnotherScale", kImage, [](QdqBuilder&, const std::string& x) { return x; }},
      {"ReshapedConv", kImage,
       [](QdqBuilder& b, const std::string& x) {
         std::string y = conv(b, x, b.weights({5, 6, 3, 3}, 0), 5, 1, {0, 0, 0, 0});
         return b.op("Reshape", {b.op("Relu", {y}), b.longs({1, -1})});
       }},
  };
}

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (auto* family : {convolution_cases, matrix_cases, elementwise_cases, functions_cases,
                       windows_cases, movement_cases})
    for (Case& c : family()) all.push_back(std::move(c));
  return all;
}

struct FuseQdqCases : FuseQdq, testing::WithParamInterface<std::tuple<Case, int32_t>> {};

std::string case_name(const testing::TestParamInfo<std::tuple<Case, int32_t>>& info) {
  return std::string(std::get<0>(info.param).name) +
         (std::get<1>(info.param) == kInt8 ? "Int8" : "Uint8");
}

TEST_P(FuseQdqCases, IntegersAreAtMostOneStepFromFloat) {
  const auto& [c, type] = GetParam();
  // Gather by a node of its own: indices along the channels.
  QdqBuilder b(type);
  b.input("x", c.x);
  std::string y = c.body(b, b.through("x", c.in));
  if (std::string(c.name) == "Gather") OnnxBuilder::set_int(b.last(), "axis", 1);
  b.output(b.through(y, c.out));
  expect_one_step(b, c.out.scale);
  if (HasFatalFailure()) return;
  EXPECT_EQ(float_operators(), "");
  EXPECT_EQ(count(op_code::quantize),
            static_cast<int>(graph().inputs.size()) - (std::string(c.name) == "Where" ? 1 : 0));
  EXPECT_EQ(count(op_code::dequantize), 1);
}

INSTANTIATE_TEST_SUITE_P(Operators, FuseQdqCases,
                         testing::Combine(testing::ValuesIn(all_cases()),
                                          testing::Values(kInt8, kUint8)),
                         case_name);

}  // namespace
}  // namespace mote::test
