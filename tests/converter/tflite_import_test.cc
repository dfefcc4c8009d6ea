// What the importer makes of constructs that need a decision.
#include <gtest/gtest.h>

#include "import/tflite/tflite.h"
#include "ir/op_view.h"
#include "ops/attributes.h"
#include "tflite_builder.h"

namespace mote::test {
namespace {

constexpr auto kUint8 = tfl::TensorType::UINT8;
constexpr auto kInt8 = tfl::TensorType::INT8;
// The format's numbers of operators.
enum : int32_t {
  kConcat = 2,
  kConv = 3,
  kDequantize = 6,
  kFullyConnected = 9,
  kRelu = 19,
  kReshape = 22,
  kCallOnce = 129,
  kVarHandle = 142,
  kRead = 143,
  kAssign = 144
};

struct TfliteImport : testing::Test {
  TfliteBuilder b;
  ConvertOptions options;
  Diagnostics diagnostics;

  ir::Graph import() {
    std::vector<uint8_t> bytes = b.finish();
    ir::Module m = import_tflite({bytes.data(), bytes.size()}, options, diagnostics);
    return m.graphs.empty() ? ir::Graph{} : m.graphs[0];
  }
  void conv(int32_t x, int32_t w, int32_t y, tfl::Padding padding, int32_t stride) {
    auto o = tfl::CreateConv2DOptions(b.fbb, padding, stride, stride);
    b.op(kConv, {x, w}, {y}, tfl::BuiltinOptions::Conv2DOptions, o.Union());
  }
};

TEST_F(TfliteImport, SamePaddingIsExplicitAndTheLargerHalfComesLast) {
  int32_t x = b.tensor({"x", {1, 4, 5, 1}});
  int32_t w = b.tensor({"w", {1, 3, 3, 1}, {}, {}, {}, 0, bytes_of(std::vector<float>(9, 1))});
  int32_t y = b.tensor({"y", {1, 2, 3, 1}});
  conv(x, w, y, tfl::Padding::SAME, 2);
  b.subgraph({x}, {y});
  ir::Graph g = import();
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  auto a = g.nodes[0].attrs<Conv2dAttrs>();
  EXPECT_EQ(a.pad_top, 0);
  EXPECT_EQ(a.pad_bottom, 1);
  EXPECT_EQ(a.pad_left, 1);
  EXPECT_EQ(a.pad_right, 1);
}

TEST_F(TfliteImport, SamePaddingOnADynamicSizeNeedsStrideOne) {
  for (int32_t stride : {1, 2}) {
    b = TfliteBuilder();
    diagnostics = Diagnostics();
    int32_t x = b.tensor({"x", {1, 4, 4, 1}});
    int32_t w = b.tensor({"w", {1, 3, 3, 1}, {}, {}, {}, 0, bytes_of(std::vector<float>(9, 1))});
    int32_t y = b.tensor({"y", {1, 4, 4, 1}});
    conv(x, w, y, tfl::Padding::SAME, stride);
    b.subgraph({x}, {y});
    options.input_shapes["x"] = ir::shape_of({1, 4, 4, 1});
    options.input_shapes["x"].dims[1] = {3, 9};
    import();
    EXPECT_EQ(diagnostics.empty(), stride == 1) << diagnostics.text();
  }
}

TEST_F(TfliteImport, LegacyUint8BecomesInt8InsideAndStaysAtThePorts) {
  int32_t x = b.tensor({"x", {1, 2}, kUint8, {0.5f}, {120}});
  int32_t w = b.tensor({"w", {1, 2}, kUint8, {0.25f}, {130}, 0, {0, 255}});
  int32_t y = b.tensor({"y", {1, 1}, kUint8, {1.0f}, {0}});
  auto o = tfl::CreateFullyConnectedOptions(b.fbb);
  b.op(kFullyConnected, {x, w, -1}, {y}, tfl::BuiltinOptions::FullyConnectedOptions, o.Union());
  b.subgraph({x}, {y});
  ir::Graph g = import();
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  ASSERT_EQ(g.nodes.size(), 3u);
  EXPECT_EQ(g.nodes[0].op, op_code::requantize);
  EXPECT_EQ(g.nodes[2].op, op_code::requantize);
  EXPECT_EQ(g.value(g.inputs[0].value).type, Type::uint8);
  EXPECT_EQ(g.value(g.inputs[0].value).quantization.zero_points[0], 120);
  EXPECT_EQ(g.value(g.nodes[1].inputs[0]).quantization.zero_points[0], -8);
  const ir::Value& weights = g.value(g.nodes[1].inputs[1]);
  EXPECT_EQ(weights.type, Type::int8);
  EXPECT_EQ(weights.quantization.zero_points[0], 2);
  EXPECT_EQ(weights.as<int8_t>()[0], -128);
  EXPECT_EQ(weights.as<int8_t>()[1], 127);
}

TEST_F(TfliteImport, TheRequantizeScaleIsStoredInFloat32) {
  int32_t x = b.tensor({"x", {1, 1}, kInt8, {0.1f}, {0}});
  int32_t w = b.tensor({"w", {2, 1}, kInt8, {0.3f, 0.7f}, {0, 0}, 0, {1, 2}});
  int32_t y = b.tensor({"y", {1, 2}, kInt8, {0.9f}, {0}});
  b.op(kFullyConnected, {x, w}, {y});
  b.subgraph({x}, {y});
  ir::Graph g = import();
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  ASSERT_EQ(g.nodes[0].inputs.size(), 4u);
  EXPECT_EQ(g.nodes[0].inputs[2], ir::kNone);
  const float* scales = g.value(g.nodes[0].inputs[3]).as<float>();
  EXPECT_EQ(scales[0], (0.1f * 0.3f) / 0.9f);
  EXPECT_EQ(scales[1], (0.1f * 0.7f) / 0.9f);
}

TEST_F(TfliteImport, AnAxisOfASingleScaleIsIgnored) {
  int32_t x = b.tensor({"x", {4}, kInt8, {0.5f}, {0}, 77});
  int32_t y = b.tensor({"y", {2, 2}, kInt8, {0.5f}, {0}, -3});
  b.op(kReshape, {x, b.ints({2, 2})}, {y});
  b.subgraph({x}, {y});
  import();
  EXPECT_TRUE(diagnostics.empty()) << diagnostics.text();
}

TEST_F(TfliteImport, AReshapeFollowsADynamicBatch) {
  int32_t x = b.tensor({"x", {1, 2, 3}}), y = b.tensor({"y", {1, 6}});
  b.op(kReshape, {x, b.ints({1, 6})}, {y});
  b.subgraph({x}, {y});
  options.input_shapes["x"] = ir::shape_of({1, 2, 3});
  options.input_shapes["x"].dims[0] = {1, 8};
  ir::Graph g = import();
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  EXPECT_EQ(ir::shape_text(g.value(g.outputs[0].value).shape), "[1..8, 6]");
}

TEST_F(TfliteImport, AShapeForNoInputIsAnError) {
  int32_t x = b.tensor({"x", {4}}), y = b.tensor({"y", {4}});
  b.op(kRelu, {x}, {y});
  b.subgraph({x}, {y});
  options.input_shapes["z"] = ir::shape_of({4});
  import();
  ASSERT_EQ(diagnostics.list().size(), 1u);
  EXPECT_EQ(diagnostics.list()[0].where, "--shape z");
}

TEST_F(TfliteImport, FullyConnectedSeesRows) {
  int32_t x = b.tensor({"x", {2, 2, 3}});
  int32_t w = b.tensor({"w", {5, 3}, {}, {}, {}, 0, bytes_of(std::vector<float>(15, 1))});
  int32_t y = b.tensor({"y", {4, 5}});
  b.op(kFullyConnected, {x, w}, {y});
  b.subgraph({x}, {y});
  ir::Graph g = import();
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  EXPECT_EQ(ir::shape_text(g.value(g.outputs[0].value).shape), "[4, 5]");
}

TEST_F(TfliteImport, HalfPrecisionConstantsAreWidened) {
  // 1.5, -2, the smallest subnormal.
  int32_t h = b.tensor({"h",
                        {3},
                        tfl::TensorType::FLOAT16,
                        {},
                        {},
                        0,
                        bytes_of(std::vector<uint16_t>{0x3E00, 0xC000, 1})});
  int32_t f = b.tensor({"f", {3}}), y = b.tensor({"y", {3}});
  b.op(kDequantize, {h}, {f});
  b.op(kRelu, {f}, {y});
  b.subgraph({}, {y});
  ir::Graph g = import();
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  ASSERT_EQ(g.nodes.size(), 1u);
  const float* c = g.value(g.nodes[0].inputs[0]).as<float>();
  EXPECT_EQ(c[0], 1.5f);
  EXPECT_EQ(c[1], -2.0f);
  EXPECT_EQ(c[2], 0x1p-24f);
}

TEST_F(TfliteImport, ConcatenationBringsItsInputsToOneScale) {
  int32_t x = b.tensor({"x", {1, 2}, kInt8, {0.5f}, {0}});
  int32_t z = b.tensor({"z", {1, 2}, kInt8, {0.25f}, {0}});
  int32_t y = b.tensor({"y", {1, 4}, kInt8, {0.5f}, {0}});
  auto o = tfl::CreateConcatenationOptions(b.fbb, -1);
  b.op(kConcat, {x, z}, {y}, tfl::BuiltinOptions::ConcatenationOptions, o.Union());
  b.subgraph({x, z}, {y});
  ir::Graph g = import();
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  ASSERT_EQ(g.nodes.size(), 2u);
  EXPECT_EQ(g.nodes[0].op, op_code::requantize);
  EXPECT_EQ(g.nodes[1].attrs<ConcatAttrs>().axis, 1);
}

TEST_F(TfliteImport, AnOutputThatIsAnInputGetsACopy) {
  int32_t x = b.tensor({"x", {4}});
  b.subgraph({x}, {x});
  ir::Graph g = import();
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  EXPECT_NE(g.inputs[0].value, g.outputs[0].value);
}

struct TfliteStates : TfliteImport {
  int32_t handle() {
    int32_t h = b.tensor({"handle", {}, tfl::TensorType::RESOURCE});
    auto o = tfl::CreateVarHandleOptionsDirect(b.fbb, "", "ring");
    b.op(kVarHandle, {}, {h}, tfl::BuiltinOptions::VarHandleOptions, o.Union());
    return h;
  }
};

TEST_F(TfliteStates, ReadsComeFirstAndTheWriteLast) {
  auto once = tfl::CreateCallOnceOptions(b.fbb, 1);
  b.op(kCallOnce, {}, {}, tfl::BuiltinOptions::CallOnceOptions, once.Union());
  int32_t x = b.tensor({"x", {2}}), h = handle(), y = b.tensor({"y", {2}});
  b.op(kRelu, {x}, {y});
  int32_t old = b.tensor({"old", {2}}), later = b.tensor({"later", {2}});
  b.op(kRead, {h}, {old});
  b.op(kAssign, {h, y}, {});
  b.op(kRead, {h}, {later});
  b.subgraph({x}, {old, later});
  int32_t inner = handle();
  int32_t c = b.tensor({"c", {2}, {}, {}, {}, 0, bytes_of(std::vector<float>{3, 4})});
  b.op(kAssign, {inner, c}, {});
  b.subgraph({}, {});
  ir::Graph g = import();
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  ASSERT_EQ(g.nodes.size(), 3u);
  EXPECT_EQ(g.nodes[0].op, op_code::read_state);
  EXPECT_EQ(g.nodes[2].op, op_code::assign_state);
  EXPECT_EQ(g.outputs[1].value, g.nodes[1].outputs[0]) << "a read after the write sees the write";
  const ir::Value& state = g.value(g.nodes[0].inputs[0]);
  EXPECT_EQ(state.name, "ring");
  EXPECT_EQ(state.as<float>()[1], 4);
}

TEST_F(TfliteImport, EveryUnsupportedOperatorIsListed) {
  int32_t x = b.tensor({"x", {4}}), y = b.tensor({"y", {4}}), z = b.tensor({"z", {4}});
  b.op(103 /* UNIQUE */, {x}, {y});
  b.op(137 /* HASHTABLE_FIND */, {y}, {z});
  b.subgraph({x}, {z});
  import();
  ASSERT_EQ(diagnostics.list().size(), 2u);
  EXPECT_EQ(diagnostics.list()[0].where, "subgraph 0, operator 0 (UNIQUE)");
  EXPECT_EQ(diagnostics.list()[1].where, "subgraph 0, operator 1 (HASHTABLE_FIND)");
}

TEST_F(TfliteImport, DataThatDoNotFitTheShapeAreRefused) {
  int32_t x = b.tensor({"x", {1, 3}});
  int32_t w = b.tensor({"w", {5, 3}, {}, {}, {}, 0, bytes_of(std::vector<float>(14, 1))});
  int32_t y = b.tensor({"y", {1, 5}});
  b.op(kFullyConnected, {x, w}, {y});
  b.subgraph({x}, {y});
  import();
  ASSERT_EQ(diagnostics.list().size(), 1u);
  EXPECT_NE(diagnostics.list()[0].where.find("tensor 'w'"), std::string::npos);
}

}  // namespace
}  // namespace mote::test
