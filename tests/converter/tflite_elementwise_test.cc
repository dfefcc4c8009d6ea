// Elementwise operators of TFLite whose import needs a decision.
#include <gtest/gtest.h>

#include "import/tflite/tflite.h"
#include "ir/evaluator.h"
#include "ops/attributes.h"
#include "tflite_builder.h"

namespace mote::test {
namespace {

constexpr auto kInt8 = tfl::TensorType::INT8;
constexpr auto kInt32 = tfl::TensorType::INT32;
constexpr auto kBool = tfl::TensorType::BOOL;
// The format's numbers of operators.
enum : int32_t {
  kMaximum = 55,
  kLess = 58,
  kSelect = 64,
  kLeakyRelu = 98,
  kAddN = 106,
  kHardSwish = 117,
  kRightShift = 161
};

struct TfliteElementwise : testing::Test {
  TfliteBuilder b;
  Diagnostics diagnostics;

  ir::Graph import() {
    std::vector<uint8_t> bytes = b.finish();
    ir::Module m = import_tflite({bytes.data(), bytes.size()}, ConvertOptions{}, diagnostics);
    EXPECT_TRUE(diagnostics.empty()) << diagnostics.text();
    return m.graphs.empty() ? ir::Graph{} : m.graphs[0];
  }
  template <class T>
  static std::vector<T> run(const ir::Graph& graph, const std::vector<std::vector<T>>& inputs) {
    std::vector<Evaluated> given;
    for (size_t i = 0; i < inputs.size(); ++i)
      given.push_back({graph.value(graph.inputs[i].value).shape.max(), bytes_of(inputs[i])});
    Diagnostics errors;
    std::vector<Evaluated> out = evaluate(graph, given, errors);
    EXPECT_EQ(errors.text(), "");
    if (out.empty()) return {};
    auto* elements = reinterpret_cast<const T*>(out[0].bytes.data());
    return {elements, elements + out[0].bytes.size() / sizeof(T)};
  }
};

TEST_F(TfliteElementwise, AShiftToTheRightKeepsTheSignAndItsLimits) {
  int32_t x = b.tensor({"x", {6}, kInt32}), n = b.tensor({"n", {6}, kInt32});
  int32_t y = b.tensor({"y", {6}, kInt32});
  b.op(kRightShift, {x, n}, {y});
  b.subgraph({x, n}, {y});
  std::vector<int32_t> got =
      run<int32_t>(import(), {{-8, 8, -1, INT32_MIN, 7, -7}, {1, 1, 31, 40, -3, 40}});
  EXPECT_EQ(got, (std::vector<int32_t>{-4, 4, -1, -1, 7, -1}));
}

TEST_F(TfliteElementwise, SelectWithAListOfConditionsChoosesRows) {
  int32_t c = b.tensor({"c", {2}, kBool, {}, {}, 0, {1, 0}});
  int32_t x = b.tensor({"x", {2, 2}}), z = b.tensor({"z", {2, 2}}), y = b.tensor({"y", {2, 2}});
  b.op(kSelect, {c, x, z}, {y});
  b.subgraph({x, z}, {y});
  EXPECT_EQ(run<float>(import(), {{1, 2, 3, 4}, {5, 6, 7, 8}}), (std::vector<float>{1, 2, 7, 8}));
}

TEST_F(TfliteElementwise, AMaximumTakesItsOperandsInTheScaleOfTheResult) {
  int32_t x = b.tensor({"x", {2}, kInt8, {0.5f}, {0}});
  int32_t z = b.tensor({"z", {2}, kInt8, {0.25f}, {0}});
  int32_t y = b.tensor({"y", {2}, kInt8, {0.5f}, {0}});
  b.op(kMaximum, {x, z}, {y});
  b.subgraph({x, z}, {y});
  ir::Graph g = import();
  ASSERT_EQ(g.nodes.size(), 2u);
  EXPECT_EQ(g.nodes[0].op, op_code::requantize);
  EXPECT_EQ(run<int8_t>(g, {{3, 10}, {8, 8}}), (std::vector<int8_t>{4, 10}));
}

TEST_F(TfliteElementwise, TheSlopeOfLeakyReluComesFromItsOptions) {
  int32_t x = b.tensor({"x", {2}}), y = b.tensor({"y", {2}});
  auto o = tfl::CreateLeakyReluOptions(b.fbb, 0.25f);
  b.op(kLeakyRelu, {x}, {y}, tfl::BuiltinOptions::LeakyReluOptions, o.Union());
  b.subgraph({x}, {y});
  EXPECT_EQ(run<float>(import(), {{-4, 4}}), (std::vector<float>{-1, 4}));
}

TEST_F(TfliteElementwise, AQuantizedHardSwishIsATable) {
  int32_t x = b.tensor({"x", {4}, kInt8, {0.25f}, {0}}),
          y = b.tensor({"y", {4}, kInt8, {0.5f}, {-1}});
  b.op(kHardSwish, {x}, {y});
  b.subgraph({x}, {y});
  // -3 and below give 0; 1 gives 4/6; 10 gives 10.
  EXPECT_EQ(run<int8_t>(import(), {{-12, 4, 40, -4}}), (std::vector<int8_t>{-1, 0, 19, -2}));
}

TEST_F(TfliteElementwise, AComparisonGivesBooleans) {
  int32_t x = b.tensor({"x", {3}}), z = b.tensor({"z", {3}}), y = b.tensor({"y", {3}, kBool});
  b.op(kLess, {x, z}, {y});
  b.subgraph({x, z}, {y});
  ir::Graph g = import();
  ASSERT_EQ(g.nodes.size(), 1u);
  EXPECT_EQ(g.nodes[0].attrs<CompareAttrs>().kind, kMoteLess);
  EXPECT_EQ(g.value(g.outputs[0].value).type, Type::boolean);
}

TEST_F(TfliteElementwise, ASumOfManyIsAChain) {
  int32_t x = b.tensor({"x", {2}}), z = b.tensor({"z", {2}}), w = b.tensor({"w", {2}});
  int32_t y = b.tensor({"y", {2}});
  b.op(kAddN, {x, z, w}, {y});
  b.subgraph({x, z, w}, {y});
  EXPECT_EQ(run<float>(import(), {{1, 2}, {10, 20}, {100, 200}}), (std::vector<float>{111, 222}));
}

}  // namespace
}  // namespace mote::test
