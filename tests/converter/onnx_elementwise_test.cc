// Elementwise operators of ONNX whose import needs a decision.
#include <gtest/gtest.h>

#include <limits>

#include "converter/onnx_builder.h"
#include "import/onnx/onnx.h"
#include "ir/evaluator.h"
#include "ops/attributes.h"

namespace mote::test {
namespace {

using onnx::TensorProto;

template <class T>
ir::Bytes bytes_of(const std::vector<T>& elements) {
  const auto* p = reinterpret_cast<const uint8_t*>(elements.data());
  return {p, p + elements.size() * sizeof(T)};
}

ir::Graph import(const OnnxBuilder& b) {
  std::vector<uint8_t> bytes = b.finish();
  Diagnostics diagnostics;
  ir::Module m = import_onnx({bytes.data(), bytes.size()}, ConvertOptions{}, diagnostics);
  EXPECT_TRUE(diagnostics.empty()) << diagnostics.text();
  return m.graphs.empty() ? ir::Graph{} : m.graphs[0];
}

// Elements of the only output.
template <class T>
std::vector<T> run(const OnnxBuilder& b, const std::vector<ir::Bytes>& inputs) {
  ir::Graph graph = import(b);
  std::vector<Evaluated> given;
  for (size_t i = 0; i < inputs.size() && i < graph.inputs.size(); ++i)
    given.push_back({graph.value(graph.inputs[i].value).shape.max(), inputs[i]});
  Diagnostics diagnostics;
  std::vector<Evaluated> out = evaluate(graph, given, diagnostics);
  EXPECT_EQ(diagnostics.text(), "");
  if (out.empty()) return {};
  auto* elements = reinterpret_cast<const T*>(out[0].bytes.data());
  return {elements, elements + out[0].bytes.size() / sizeof(T)};
}

// The activation that Clip with these bounds becomes.
ActivationAttrs clip(float lo, float hi) {
  OnnxBuilder b;
  b.input("x", {2});
  b.constant(OnnxBuilder::floats("lo", {}, {lo}));
  b.constant(OnnxBuilder::floats("hi", {}, {hi}));
  b.node("Clip", {"x", "lo", "hi"}, {"y"});
  b.output("y");
  ir::Graph g = import(b);
  EXPECT_EQ(g.nodes.size(), 1u);
  return g.nodes.empty() ? ActivationAttrs{} : g.nodes[0].attrs<ActivationAttrs>();
}

TEST(OnnxElementwise, KnownBoundsOfClipAreKnownActivations) {
  EXPECT_EQ(clip(0, 6).kind, kMoteRelu6);
  EXPECT_EQ(clip(-1, 1).kind, kMoteReluN1To1);
  EXPECT_EQ(clip(0, 1).kind, kMoteRelu0To1);
  EXPECT_EQ(clip(0, std::numeric_limits<float>::max()).kind, kMoteRelu);
  EXPECT_EQ(clip(0, std::numeric_limits<float>::infinity()).kind, kMoteRelu);
  EXPECT_EQ(clip(0, 5).kind, kMoteClip);
}

TEST(OnnxElementwise, BoundsInTheWrongOrderGiveTheUpperOne) {
  ActivationAttrs a = clip(3, 2);
  EXPECT_EQ(a.alpha, 2);
  EXPECT_EQ(a.beta, 2);
}

TEST(OnnxElementwise, BoundsOfClipMayBeTensors) {
  OnnxBuilder b;
  b.input("x", {3});
  b.input("lo", {});
  b.node("Clip", {"x", "lo"}, {"y"});
  b.output("y");
  EXPECT_EQ(run<float>(b, {bytes_of<float>({-2, 0, 2}), bytes_of<float>({-1})}),
            (std::vector<float>{-1, 0, 2}));
}

TEST(OnnxElementwise, NarrowIntegersWrapLikeTheirType) {
  OnnxBuilder b;
  b.input("x", {3}, TensorProto::UINT8);
  b.input("z", {3}, TensorProto::UINT8);
  b.node("Add", {"x", "z"}, {"y"});
  b.output("y");
  EXPECT_EQ(run<uint8_t>(b, {{200, 1, 255}, {100, 2, 1}}), (std::vector<uint8_t>{44, 3, 0}));
}

TEST(OnnxElementwise, ShiftsOfBytesBringInZeros) {
  for (const char* direction : {"LEFT", "RIGHT"}) {
    OnnxBuilder b;
    b.input("x", {2}, TensorProto::UINT8);
    b.input("n", {2}, TensorProto::UINT8);
    auto* node = b.node("BitShift", {"x", "n"}, {"y"});
    OnnxBuilder::attribute(node, "direction", onnx::AttributeProto::STRING)->set_s(direction);
    b.output("y");
    std::vector<uint8_t> expected =
        direction[0] == 'L' ? std::vector<uint8_t>{2, 0x80} : std::vector<uint8_t>{0x40, 0};
    EXPECT_EQ(run<uint8_t>(b, {{0x81, 1}, {1, 7}}), expected);
  }
}

TEST(OnnxElementwise, BeforeOpset7AnAxisSaysWhereTheSecondOperandLies) {
  OnnxBuilder b(6);
  b.input("x", {2, 3});
  b.input("z", {2});
  auto* node = b.node("Add", {"x", "z"}, {"y"});
  OnnxBuilder::set_int(node, "broadcast", 1);
  OnnxBuilder::set_int(node, "axis", 0);
  b.output("y");
  EXPECT_EQ(run<float>(b, {bytes_of<float>({1, 2, 3, 4, 5, 6}), bytes_of<float>({10, 20})}),
            (std::vector<float>{11, 12, 13, 24, 25, 26}));
}

TEST(OnnxElementwise, IsInfDetectsTheSignsAskedFor) {
  const float infinity = std::numeric_limits<float>::infinity();
  for (int which = 0; which < 4; ++which) {
    OnnxBuilder b;
    b.input("x", {3});
    auto* node = b.node("IsInf", {"x"}, {"y"});
    OnnxBuilder::set_int(node, "detect_negative", which & 1);
    OnnxBuilder::set_int(node, "detect_positive", which >> 1);
    b.output("y");
    auto negative = static_cast<uint8_t>(which & 1), positive = static_cast<uint8_t>(which >> 1);
    EXPECT_EQ(run<uint8_t>(b, {bytes_of<float>({-infinity, 0, infinity})}),
              (std::vector<uint8_t>{negative, 0, positive}));
  }
}

TEST(OnnxElementwise, ARemainderHasTheSignThatFmodSays) {
  for (int64_t fmod : {0, 1}) {
    OnnxBuilder b;
    b.input("x", {2}, TensorProto::INT32);
    b.input("z", {2}, TensorProto::INT32);
    OnnxBuilder::set_int(b.node("Mod", {"x", "z"}, {"y"}), "fmod", fmod);
    b.output("y");
    std::vector<int32_t> expected =
        fmod == 0 ? std::vector<int32_t>{2, -2} : std::vector<int32_t>{-1, 1};
    EXPECT_EQ(run<int32_t>(b, {bytes_of<int32_t>({-7, 7}), bytes_of<int32_t>({3, -3})}), expected);
  }
}

TEST(OnnxElementwise, APowerHasTheTypeOfItsBase) {
  OnnxBuilder b;
  b.input("x", {2}, TensorProto::INT32);
  b.input("z", {2});
  b.node("Pow", {"x", "z"}, {"y"});
  b.output("y");
  EXPECT_EQ(run<int32_t>(b, {bytes_of<int32_t>({2, 9}), bytes_of<float>({3, 0.5f})}),
            (std::vector<int32_t>{8, 3}));
}

TEST(OnnxElementwise, AMeanOfTensorsIsTheirSumOverTheirNumber) {
  OnnxBuilder b;
  b.input("x", {2});
  b.input("z", {1});
  b.input("w", {2});
  b.node("Mean", {"x", "z", "w"}, {"y"});
  b.output("y");
  EXPECT_EQ(run<float>(b, {bytes_of<float>({1, 2}), bytes_of<float>({3}), bytes_of<float>({5, 7})}),
            (std::vector<float>{3, 4}));
}

}  // namespace
}  // namespace mote::test
