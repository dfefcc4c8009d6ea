// TFLite operators that are made of others: what they compute.
#include <gtest/gtest.h>

#include "import/tflite/tflite.h"
#include "ir/evaluator.h"
#include "ir/op_view.h"
#include "ops/attributes.h"
#include "tflite_builder.h"

namespace mote::test {
namespace {

using Floats = std::vector<float>;
using Ints = std::vector<int32_t>;

constexpr auto kInt32 = tfl::TensorType::INT32;
// The format's numbers of operators.
enum : int32_t {
  kDepthToSpace = 5,
  kReshape = 22,
  kSpaceToDepth = 26,
  kBatchToSpace = 37,
  kSpaceToBatch = 38,
  kStridedSlice = 45,
  kTopK = 48,
  kSplit = 49,
  kShape = 77,
  kReduceMax = 82,
  kPack = 83,
  kOneHot = 85,
  kUnpack = 88,
  kFill = 94,
  kRange = 96,
  kMirrorPad = 100,
  kSplitV = 102,
  kRank = 110,
  kScatterNd = 122,
  kCumSum = 128,
  kBroadcastTo = 130,
  kBroadcastArgs = 145,
};

struct TfliteLowered : testing::Test {
  TfliteBuilder b;
  ConvertOptions options;
  Diagnostics diagnostics;
  ir::Graph graph;

  void import() {
    std::vector<uint8_t> bytes = b.finish();
    ir::Module m = import_tflite({bytes.data(), bytes.size()}, options, diagnostics);
    if (!m.graphs.empty()) graph = m.graphs[0];
  }
  // The outputs for the first input 0, 1, 2, ...
  std::vector<Evaluated> run() {
    import();
    EXPECT_EQ(diagnostics.text(), "");
    std::vector<Evaluated> inputs;
    for (const ir::Port& p : graph.inputs) {
      Shape shape = graph.value(p.value).shape.max();
      Floats elements;
      for (int64_t i = 0; i < shape.elements(); ++i) elements.push_back(static_cast<float>(i));
      inputs.push_back({shape, bytes_of(elements)});
    }
    std::vector<Evaluated> outputs = evaluate(graph, inputs, diagnostics);
    EXPECT_EQ(diagnostics.text(), "");
    return outputs;
  }
  template <class T>
  static std::vector<T> elements(const Evaluated& e) {
    const auto* p = reinterpret_cast<const T*>(e.bytes.data());
    return {p, p + e.bytes.size() / sizeof(T)};
  }
  int32_t x(const Ints& shape) { return b.tensor({"x", shape}); }
  int32_t scalar(int32_t v) {
    return b.tensor({"scalar", {}, kInt32, {}, {}, 0, bytes_of(Ints{v})});
  }
};

TEST_F(TfliteLowered, ASplitHasEqualParts) {
  int32_t in = x({2, 4}), p = b.tensor({"p", {2, 2}}), q = b.tensor({"q", {2, 2}});
  b.op(kSplit, {scalar(1), in}, {p, q});
  b.subgraph({in}, {p, q});
  auto y = run();
  ASSERT_EQ(y.size(), 2u);
  EXPECT_EQ(elements<float>(y[0]), (Floats{0, 1, 4, 5}));
  EXPECT_EQ(elements<float>(y[1]), (Floats{2, 3, 6, 7}));
}

TEST_F(TfliteLowered, ASplitByAMinusOneTakesTheRest) {
  int32_t in = x({5}), p = b.tensor({"p", {2}}), q = b.tensor({"q", {3}});
  b.op(kSplitV, {in, b.ints({2, -1}), scalar(0)}, {p, q});
  b.subgraph({in}, {p, q});
  auto y = run();
  ASSERT_EQ(y.size(), 2u);
  EXPECT_EQ(elements<float>(y[1]), (Floats{2, 3, 4}));
}

TEST_F(TfliteLowered, APackIsUndoneByAnUnpack) {
  int32_t in = x({2, 3}), p = b.tensor({"p", {3}}), q = b.tensor({"q", {3}});
  int32_t y = b.tensor({"y", {3, 2}});
  auto unpack = tfl::CreateUnpackOptions(b.fbb, 2, 0);
  b.op(kUnpack, {in}, {p, q}, tfl::BuiltinOptions::UnpackOptions, unpack.Union());
  auto pack = tfl::CreatePackOptions(b.fbb, 2, 1);
  b.op(kPack, {q, p}, {y}, tfl::BuiltinOptions::PackOptions, pack.Union());
  b.subgraph({in}, {y});
  auto out = run();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(elements<float>(out[0]), (Floats{3, 0, 4, 1, 5, 2}));
}

TEST_F(TfliteLowered, SpaceToDepthPutsRowsOfTheBlockFirst) {
  int32_t in = x({1, 2, 4, 1}), y = b.tensor({"y", {1, 1, 2, 4}}),
          z = b.tensor({"z", {1, 2, 4, 1}});
  auto to = tfl::CreateSpaceToDepthOptions(b.fbb, 2);
  b.op(kSpaceToDepth, {in}, {y}, tfl::BuiltinOptions::SpaceToDepthOptions, to.Union());
  auto from = tfl::CreateDepthToSpaceOptions(b.fbb, 2);
  b.op(kDepthToSpace, {y}, {z}, tfl::BuiltinOptions::DepthToSpaceOptions, from.Union());
  b.subgraph({in}, {y, z});
  auto out = run();
  ASSERT_EQ(out.size(), 2u);
  EXPECT_EQ(elements<float>(out[0]), (Floats{0, 1, 4, 5, 2, 3, 6, 7}));
  EXPECT_EQ(elements<float>(out[1]), (Floats{0, 1, 2, 3, 4, 5, 6, 7}));
}

TEST_F(TfliteLowered, SpaceToBatchPadsAndBatchToSpaceCrops) {
  int32_t in = x({1, 3, 1, 1}), y = b.tensor({"y", {2, 2, 1, 1}}),
          z = b.tensor({"z", {1, 3, 1, 1}});
  int32_t borders = b.tensor({"borders", {2, 2}, kInt32, {}, {}, 0, bytes_of(Ints{1, 0, 0, 0})});
  b.op(kSpaceToBatch, {in, b.ints({2, 1}), borders}, {y});
  b.op(kBatchToSpace, {y, b.ints({2, 1}), borders}, {z});
  b.subgraph({in}, {y, z});
  auto out = run();
  ASSERT_EQ(out.size(), 2u);
  EXPECT_EQ(elements<float>(out[0]), (Floats{0, 1, 0, 2}));
  EXPECT_EQ(elements<float>(out[1]), (Floats{0, 1, 2}));
}

TEST_F(TfliteLowered, AMirrorPadReflectsOrRepeatsTheBorder) {
  int32_t in = x({3}), p = b.tensor({"p", {6}}), q = b.tensor({"q", {6}});
  int32_t borders = b.tensor({"borders", {1, 2}, kInt32, {}, {}, 0, bytes_of(Ints{2, 1})});
  auto reflect = tfl::CreateMirrorPadOptions(b.fbb, tfl::MirrorPadMode::REFLECT);
  b.op(kMirrorPad, {in, borders}, {p}, tfl::BuiltinOptions::MirrorPadOptions, reflect.Union());
  auto symmetric = tfl::CreateMirrorPadOptions(b.fbb, tfl::MirrorPadMode::SYMMETRIC);
  b.op(kMirrorPad, {in, borders}, {q}, tfl::BuiltinOptions::MirrorPadOptions, symmetric.Union());
  b.subgraph({in}, {p, q});
  auto y = run();
  ASSERT_EQ(y.size(), 2u);
  EXPECT_EQ(elements<float>(y[0]), (Floats{2, 1, 0, 1, 2, 1}));
  EXPECT_EQ(elements<float>(y[1]), (Floats{1, 0, 0, 1, 2, 2}));
}

TEST_F(TfliteLowered, TopKHasValuesAndIndices) {
  int32_t in = x({2, 3}), v = b.tensor({"v", {2, 2}}), i = b.tensor({"i", {2, 2}, kInt32});
  b.op(kTopK, {in, scalar(2)}, {v, i});
  b.subgraph({in}, {v, i});
  auto y = run();
  ASSERT_EQ(y.size(), 2u);
  EXPECT_EQ(elements<float>(y[0]), (Floats{2, 1, 5, 4}));
  EXPECT_EQ(elements<int32_t>(y[1]), (Ints{2, 1, 2, 1}));
}

TEST_F(TfliteLowered, AScatterAddsUpWhatMeetsAtOnePlace) {
  int32_t in = x({3}), y = b.tensor({"y", {4}});
  int32_t places = b.tensor({"places", {3, 1}, kInt32, {}, {}, 0, bytes_of(Ints{2, 0, 2})});
  b.op(kScatterNd, {places, in, b.ints({4})}, {y});
  b.subgraph({in}, {y});
  auto out = run();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(elements<float>(out[0]), (Floats{1, 0, 2, 0}));
}

TEST_F(TfliteLowered, ShapesOfStaticTensorsAreConstants) {
  int32_t in = x({2, 3}), s = b.tensor({"s", {2}, kInt32});
  int32_t y = b.tensor({"y", {3, 2}}), shape = b.tensor({"shape", {2}, kInt32});
  b.op(kShape, {in}, {s});
  auto o = tfl::CreateStridedSliceOptions(b.fbb, 0, 0, 0, 0, 1);
  int32_t two = b.tensor({"two", {}, kInt32});
  b.op(kStridedSlice, {s, b.ints({0}), b.ints({1}), b.ints({1})}, {two},
       tfl::BuiltinOptions::StridedSliceOptions, o.Union());
  auto pack = tfl::CreatePackOptions(b.fbb, 2, 0);
  b.op(kPack, {scalar(3), two}, {shape}, tfl::BuiltinOptions::PackOptions, pack.Union());
  b.op(kReshape, {in, shape}, {y});
  b.subgraph({in}, {y});
  import();
  ASSERT_EQ(diagnostics.text(), "");
  ASSERT_EQ(graph.nodes.size(), 1u);
  EXPECT_EQ(ir::shape_text(graph.value(graph.outputs[0].value).shape), "[3, 2]");
}

TEST_F(TfliteLowered, AComputedShapeFollowsADynamicBatch) {
  int32_t in = x({1, 2, 3}), s = b.tensor({"s", {3}, kInt32}), y = b.tensor({"y", {1, 6}});
  int32_t batch = b.tensor({"batch", {}, kInt32}), shape = b.tensor({"shape", {2}, kInt32});
  b.op(kShape, {in}, {s});
  auto o = tfl::CreateStridedSliceOptions(b.fbb, 0, 0, 0, 0, 1);
  b.op(kStridedSlice, {s, b.ints({0}), b.ints({1}), b.ints({1})}, {batch},
       tfl::BuiltinOptions::StridedSliceOptions, o.Union());
  auto pack = tfl::CreatePackOptions(b.fbb, 2, 0);
  b.op(kPack, {batch, scalar(6)}, {shape}, tfl::BuiltinOptions::PackOptions, pack.Union());
  b.op(kReshape, {in, shape}, {y});
  b.subgraph({in}, {y});
  options.input_shapes["x"] = ir::shape_of({1, 2, 3});
  options.input_shapes["x"].dims[0] = {1, 8};
  import();
  ASSERT_EQ(diagnostics.text(), "");
  EXPECT_EQ(ir::shape_text(graph.value(graph.outputs[0].value).shape), "[1..8, 6]");
}

TEST_F(TfliteLowered, AFixedInputIsAConstant) {
  int32_t in = x({4}), k = b.tensor({"k", {}, kInt32});
  int32_t v = b.tensor({"v", {3}}), i = b.tensor({"i", {3}, kInt32});
  b.op(kTopK, {in, k}, {v, i});
  b.subgraph({in, k}, {v});
  options.fixed_inputs["k"] = {3};
  auto y = run();
  ASSERT_EQ(y.size(), 1u);
  EXPECT_EQ(graph.inputs.size(), 1u);
  EXPECT_EQ(elements<float>(y[0]), (Floats{3, 2, 1}));
}

TEST_F(TfliteLowered, AnInputFixedToAnotherCountIsAnError) {
  int32_t in = x({4});
  b.subgraph({in}, {in});
  options.fixed_inputs["x"] = {1, 2};
  import();
  ASSERT_EQ(diagnostics.list().size(), 1u);
  EXPECT_EQ(diagnostics.list()[0].what, "fixed to 2 elements; its shape is [4]");
}

TEST_F(TfliteLowered, FillsOfAnySizeCostNoMemory) {
  int32_t y = b.tensor({"y", {30000, 30000, 2}});
  int32_t one = b.tensor({"one", {}, tfl::TensorType::FLOAT32, {}, {}, 0, bytes_of(Floats{1})});
  b.op(kFill, {b.ints({30000, 30000, 2}), one}, {y});
  b.subgraph({}, {y});
  import();
  ASSERT_EQ(diagnostics.text(), "");
  EXPECT_EQ(graph.nodes.size(), 2u);
}

TEST_F(TfliteLowered, ARangeIsAConstant) {
  int32_t in = x({3}), r = b.tensor({"r", {3}, kInt32}), y = b.tensor({"y", {3}, kInt32});
  b.op(kRange, {scalar(7), scalar(1), scalar(-2)}, {r});
  b.op(kCumSum, {r, scalar(0)}, {y});
  b.subgraph({in}, {y});
  auto out = run();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(elements<int32_t>(out[0]), (Ints{7, 12, 15}));
}

TEST_F(TfliteLowered, BroadcastArgumentsMeet) {
  int32_t in = x({2, 1}), shape = b.tensor({"shape", {3}, kInt32}), y = b.tensor({"y", {2, 2, 3}});
  b.op(kBroadcastArgs, {b.ints({2, 2, 1}), b.ints({1, 3})}, {shape});
  b.op(kBroadcastTo, {in, shape}, {y});
  b.subgraph({in}, {y});
  auto out = run();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(elements<float>(out[0]), (Floats{0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1}));
}

TEST_F(TfliteLowered, TheLargestOfInt8KeepsItsScale) {
  int32_t in = b.tensor({"x", {2, 3}, tfl::TensorType::INT8, {0.5f}, {3}});
  int32_t y = b.tensor({"y", {2}, tfl::TensorType::INT8, {0.5f}, {3}});
  b.op(kReduceMax, {in, b.ints({1})}, {y});
  b.subgraph({in}, {y});
  import();
  ASSERT_EQ(diagnostics.text(), "");
  ASSERT_EQ(graph.nodes.size(), 1u);
  EXPECT_EQ(graph.nodes[0].attrs<ReduceAttrs>().kind, kMoteReduceMax);
}

TEST_F(TfliteLowered, OneHotPutsItsAxisLast) {
  int32_t in = x({1}), y = b.tensor({"y", {2, 3}}), rank = b.tensor({"rank", {}, kInt32});
  int32_t on = b.tensor({"on", {}, tfl::TensorType::FLOAT32, {}, {}, 0, bytes_of(Floats{5})});
  int32_t off = b.tensor({"off", {}, tfl::TensorType::FLOAT32, {}, {}, 0, bytes_of(Floats{-1})});
  auto o = tfl::CreateOneHotOptions(b.fbb, -1);
  b.op(kOneHot, {b.ints({2, -1}), scalar(3), on, off}, {y}, tfl::BuiltinOptions::OneHotOptions,
       o.Union());
  b.op(kRank, {y}, {rank});
  b.subgraph({in}, {y, rank});
  auto out = run();
  ASSERT_EQ(out.size(), 2u);
  EXPECT_EQ(elements<float>(out[0]), (Floats{-1, -1, 5, -1, -1, -1}));
  EXPECT_EQ(elements<int32_t>(out[1]), (Ints{2}));
}

}  // namespace
}  // namespace mote::test
