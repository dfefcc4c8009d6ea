// Transposed convolutions, sparse constants and custom operators of TFLite.
#include <gtest/gtest.h>

#include "import/tflite/tflite.h"
#include "ir/op_view.h"
#include "ops/attributes.h"
#include "tflite_builder.h"

namespace mote::test {
namespace {

enum : int32_t { kRelu = 19, kTransposeConv = 67, kDensify = 124 };

struct TfliteWindows : testing::Test {
  TfliteBuilder b;
  Diagnostics diagnostics;

  ir::Graph import() {
    std::vector<uint8_t> bytes = b.finish();
    ir::Module m = import_tflite({bytes.data(), bytes.size()}, {}, diagnostics);
    return m.graphs.empty() ? ir::Graph{} : m.graphs[0];
  }
  // From [1, size, size, 1] to [1, result, result, 1] with weights 0, 1, 2, ...
  ir::Graph transposed(tfl::Padding padding, int32_t size, int32_t result, int32_t window,
                       int32_t stride) {
    std::vector<float> taps;
    for (int32_t i = 0; i < window * window; ++i) taps.push_back(static_cast<float>(i));
    int32_t x = b.tensor({"x", {1, size, size, 1}}), y = b.tensor({"y", {1, result, result, 1}});
    int32_t w = b.tensor({"w", {1, window, window, 1}, {}, {}, {}, 0, bytes_of(taps)});
    int32_t shape = b.ints({1, result, result, 1});
    auto o = tfl::CreateTransposeConvOptions(b.fbb, padding, stride, stride);
    b.op(kTransposeConv, {shape, w, x}, {y}, tfl::BuiltinOptions::TransposeConvOptions, o.Union());
    b.subgraph({x}, {y});
    return import();
  }
};

TEST_F(TfliteWindows, SamePaddingOfATransposedConvolutionCutsMoreAtTheEnd) {
  ir::Graph g = transposed(tfl::Padding::SAME, 4, 8, 3, 2);
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  auto a = g.nodes[0].attrs<Conv2dAttrs>();
  EXPECT_EQ(a.pad_top, 0);
  EXPECT_EQ(a.pad_bottom, 1);
  EXPECT_EQ(ir::shape_text(g.value(g.outputs[0].value).shape), "[1, 8, 8, 1]");
}

TEST_F(TfliteWindows, AWindowBelowTheStrideIsFilledUpWithZeros) {
  ir::Graph g = transposed(tfl::Padding::VALID, 3, 9, 2, 3);
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  EXPECT_EQ(ir::shape_text(g.value(g.outputs[0].value).shape), "[1, 9, 9, 1]");
  const ir::Value& w = g.value(g.nodes[0].inputs[1]);
  EXPECT_EQ(ir::shape_text(w.shape), "[1, 3, 3, 1]");
  const std::vector<float> expected = {0, 1, 0, 2, 3, 0, 0, 0, 0};
  EXPECT_EQ(std::vector<float>(w.as<float>(), w.as<float>() + 9), expected);
}

TEST_F(TfliteWindows, ASparseConstantIsMadeDense) {
  // [[1, 0, 0], [0, 2, 3]], rows dense, columns compressed.
  auto list = [&](const std::vector<uint8_t>& v) {
    return tfl::CreateUint8VectorDirect(b.fbb, &v).Union();
  };
  const auto kBytes = tfl::SparseIndexVector::Uint8Vector;
  auto segments = list({0, 1, 3}), indices = list({0, 1, 2});
  std::vector<flatbuffers::Offset<tfl::DimensionMetadata>> levels = {
      tfl::CreateDimensionMetadata(b.fbb, tfl::DimensionType::DENSE, 2),
      tfl::CreateDimensionMetadata(b.fbb, tfl::DimensionType::SPARSE_CSR, 0, kBytes, segments,
                                   kBytes, indices)};
  std::vector<int32_t> order = {0, 1};
  int32_t x = b.tensor({"x",
                        {2, 3},
                        {},
                        {},
                        {},
                        0,
                        bytes_of(std::vector<float>{1, 2, 3}),
                        tfl::CreateSparsityParametersDirect(b.fbb, &order, nullptr, &levels)});
  int32_t y = b.tensor({"y", {2, 3}});
  b.op(kDensify, {x}, {y});
  int32_t z = b.tensor({"z", {2, 3}});
  b.op(kRelu, {y}, {z});
  b.subgraph({}, {z});
  ir::Graph g = import();
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  const ir::Value& v = g.value(g.nodes[0].inputs[0]);
  const std::vector<float> expected = {1, 0, 0, 0, 2, 3};
  EXPECT_EQ(std::vector<float>(v.as<float>(), v.as<float>() + 6), expected);
}

TEST_F(TfliteWindows, CustomOperatorsAreRefusedInOneReport) {
  int32_t x = b.tensor({"x", {4}}), y = b.tensor({"y", {4}}), z = b.tensor({"z", {4}});
  b.custom("SignalWindow", {x}, {y});
  b.custom("SignalRfft", {y}, {z});
  b.subgraph({x}, {z});
  import();
  ASSERT_EQ(diagnostics.list().size(), 1u) << diagnostics.text();
  EXPECT_EQ(diagnostics.list()[0].what,
            "custom operators that are not supported: SignalRfft, SignalWindow");
}

}  // namespace
}  // namespace mote::test
