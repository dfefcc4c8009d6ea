// Normalization, attention, einsum and losses of ONNX: what they become and what that computes.
#include <gtest/gtest.h>

#include <cmath>

#include "converter/onnx_builder.h"
#include "import/onnx/onnx.h"
#include "ir/evaluator.h"
#include "ops/attributes.h"
#include "ops/op_codes.h"

namespace mote::test {
namespace {

using Floats = std::vector<float>;

struct OnnxNormalization : testing::Test {
  Diagnostics diagnostics;
  ir::Graph graph;

  void import(const OnnxBuilder& b) {
    std::vector<uint8_t> bytes = b.finish();
    ir::Module m = import_onnx({bytes.data(), bytes.size()}, ConvertOptions{}, diagnostics);
    if (!m.graphs.empty()) graph = m.graphs[0];
  }
  // Elements of the only output; inputs in the order of the ports.
  Floats run(const OnnxBuilder& b, const std::vector<ir::Bytes>& inputs) {
    import(b);
    EXPECT_EQ(diagnostics.text(), "");
    std::vector<Evaluated> given;
    for (size_t i = 0; i < inputs.size() && i < graph.inputs.size(); ++i)
      given.push_back({graph.value(graph.inputs[i].value).shape.max(), inputs[i]});
    std::vector<Evaluated> out = evaluate(graph, given, diagnostics);
    EXPECT_EQ(diagnostics.text(), "");
    if (out.empty()) return {};
    auto* y = reinterpret_cast<const float*>(out[0].bytes.data());
    return {y, y + out[0].bytes.size() / sizeof(float)};
  }
  bool has(uint16_t op) const {
    for (const ir::Node& n : graph.nodes)
      if (n.op == op) return true;
    return false;
  }
};

template <class T>
ir::Bytes bytes(const std::vector<T>& elements) {
  const auto* p = reinterpret_cast<const uint8_t*>(elements.data());
  return {p, p + elements.size() * sizeof(T)};
}

void expect_near(const Floats& got, const Floats& expected) {
  ASSERT_EQ(got.size(), expected.size());
  // A few roundings of numbers below 10.
  for (size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], expected[i], 1e-5) << i;
}

OnnxBuilder unary(int64_t opset, const std::string& op, const std::vector<int64_t>& shape) {
  OnnxBuilder b(opset);
  b.input("x", shape);
  b.node(op, {"x"}, {"y"});
  b.output("y");
  return b;
}

TEST_F(OnnxNormalization, SoftmaxBeforeOpset13IsOverAllLaterDimensions) {
  OnnxBuilder b = unary(11, "Softmax", {1, 2, 2});
  expect_near(run(b, {bytes<float>({0, 0, 0, 0})}), {0.25f, 0.25f, 0.25f, 0.25f});
}

TEST_F(OnnxNormalization, SoftmaxFromOpset13IsOverOneAxis) {
  OnnxBuilder b = unary(13, "Softmax", {1, 2, 2});
  OnnxBuilder::set_int(b.graph().mutable_node(0), "axis", 1);
  const float e = std::exp(1.0f), share = e / (1 + e);
  expect_near(run(b, {bytes<float>({0, 0, 1, 0})}), {1 - share, 0.5f, share, 0.5f});
}

TEST_F(OnnxNormalization, LayerNormalizationWithItsScaleIsOneOperator) {
  OnnxBuilder b;
  b.input("x", {2, 2});
  b.constant(OnnxBuilder::floats("scale", {2}, {2, 3}));
  b.node("LayerNormalization", {"x", "scale"}, {"y"});
  b.output("y");
  expect_near(run(b, {bytes<float>({100, 300, 500, 100})}), {-2, 3, 2, -3});
  ASSERT_EQ(graph.nodes.size(), 1u);
  EXPECT_EQ(graph.nodes[0].op, op_code::layer_norm);
}

TEST_F(OnnxNormalization, GroupNormalizationBeforeOpset21HasAScalePerGroup) {
  OnnxBuilder b(18);
  b.input("x", {1, 4, 1});
  b.constant(OnnxBuilder::floats("scale", {2}, {1, 10}));
  b.constant(OnnxBuilder::floats("bias", {2}, {0, 5}));
  OnnxBuilder::set_int(b.node("GroupNormalization", {"x", "scale", "bias"}, {"y"}), "num_groups",
                       2);
  b.output("y");
  expect_near(run(b, {bytes<float>({-1000, 1000, 2000, 6000})}), {-1, 1, -5, 15});
}

TEST_F(OnnxNormalization, AttentionHidesWhatItsMaskSays) {
  OnnxBuilder b(23);
  for (const char* name : {"q", "k", "v"}) b.input(name, {1, 1, 2, 1});
  b.input("mask", {2, 2}, onnx::TensorProto::BOOL);
  b.node("Attention", {"q", "k", "v", "mask"}, {"y"});
  b.output("y");
  expect_near(run(b, {bytes<float>({1, 1}), bytes<float>({2, 2}), bytes<float>({3, 5}),
                      bytes<uint8_t>({1, 1, 0, 1})}),
              {4, 5});
  EXPECT_TRUE(has(op_code::attention));
}

TEST_F(OnnxNormalization, EinsumContractsAndPermutes) {
  OnnxBuilder b;
  b.input("a", {2, 2});
  b.input("b", {2, 2});
  auto* node = b.node("Einsum", {"a", "b"}, {"y"});
  OnnxBuilder::attribute(node, "equation", onnx::AttributeProto::STRING)->set_s("ij,jk->ki");
  b.output("y");
  expect_near(run(b, {bytes<float>({1, 2, 3, 4}), bytes<float>({1, 0, 0, 10})}), {1, 3, 20, 40});
}

TEST_F(OnnxNormalization, EinsumOfADiagonalIsRefused) {
  OnnxBuilder b;
  b.input("a", {2, 2});
  auto* node = b.node("Einsum", {"a"}, {"y"});
  OnnxBuilder::attribute(node, "equation", onnx::AttributeProto::STRING)->set_s("ii->i");
  b.output("y");
  import(b);
  EXPECT_NE(diagnostics.text().find("ii->i"), std::string::npos) << diagnostics.text();
}

// The target that is ignored is no class.
TEST_F(OnnxNormalization, LossesLeaveIgnoredTargetsOut) {
  OnnxBuilder b;
  b.input("x", {3, 2});
  b.input("target", {3}, onnx::TensorProto::INT64);
  OnnxBuilder::set_int(b.node("NegativeLogLikelihoodLoss", {"x", "target"}, {"y"}), "ignore_index",
                       -100);
  b.output("y");
  expect_near(run(b, {bytes<float>({-1, -2, -3, -4, -5, -6}), bytes<int64_t>({1, -100, 0})}),
              {3.5f});
}

TEST_F(OnnxNormalization, SkipNormOfOperandsThatDoNotFitEachOther) {
  OnnxBuilder b;
  b.import_opset("com.microsoft", 1);
  b.input("x", {2, 3});
  b.input("skip", {2, 4});
  b.constant(OnnxBuilder::floats("gamma", {3}, {1, 1, 1}));
  b.node("SkipLayerNormalization", {"x", "skip", "gamma"}, {"y"})->set_domain("com.microsoft");
  b.output("y");
  import(b);
  EXPECT_NE(diagnostics.text(), "");
}

}  // namespace
}  // namespace mote::test
