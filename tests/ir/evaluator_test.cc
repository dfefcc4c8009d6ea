// The evaluator: results, precision, states, dynamic shapes, and graphs that are wrong.
#include "ir/evaluator.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ops/attributes.h"

namespace mote::test {
namespace {

ir::Value activation(const std::string& name, const ShapeBounds& shape, Type type = Type::float32) {
  return {name, type, TensorKind::activation, shape, {}, nullptr};
}

template <class T>
Evaluated tensor(const std::vector<int32_t>& shape, const std::vector<T>& elements) {
  Evaluated e;
  e.shape = ir::shape_of(shape).max();
  e.bytes.resize(elements.size() * sizeof(T));
  if (!e.bytes.empty()) memcpy(e.bytes.data(), elements.data(), e.bytes.size());
  return e;
}

template <class T>
std::vector<T> elements(const Evaluated& e) {
  std::vector<T> out(e.bytes.size() / sizeof(T));
  if (!out.empty()) memcpy(out.data(), e.bytes.data(), e.bytes.size());
  return out;
}

ir::Node node(uint16_t op, std::vector<ir::ValueId> inputs, std::vector<ir::ValueId> outputs) {
  ir::Node n;
  n.op = op;
  n.inputs = std::move(inputs);
  n.outputs = std::move(outputs);
  n.location = "node";
  return n;
}

// y = sigmoid(x), for x of 1 to 8 elements.
ir::Graph sigmoid_graph() {
  ir::Graph g;
  ShapeBounds shape;
  shape.rank = 1;
  shape.dims[0] = {1, 8};
  ir::ValueId x = g.add_value(activation("x", shape)), y = g.add_value(activation("y", shape));
  ir::Node n = node(op_code::activation, {x}, {y});
  n.set_attrs(ActivationAttrs{kMoteSigmoid});
  g.nodes.push_back(std::move(n));
  g.inputs.push_back({"x", x});
  g.outputs.push_back({"y", y});
  return g;
}

// state' = state + x; y = the state before.
ir::Graph counter_graph() {
  ir::Graph g;
  ShapeBounds one = ir::shape_of({1});
  ir::ValueId x = g.add_value(activation("x", one));
  ir::ValueId state = g.add_value({"state", Type::float32, TensorKind::state, one, {}, nullptr});
  ir::ValueId old = g.add_value(activation("old", one)), sum = g.add_value(activation("sum", one));
  g.nodes.push_back(node(op_code::read_state, {state}, {old}));
  ir::Node add = node(op_code::add, {old, x}, {sum});
  add.set_attrs(BinaryAttrs{});
  g.nodes.push_back(std::move(add));
  g.nodes.push_back(node(op_code::assign_state, {state, sum}, {}));
  g.inputs.push_back({"x", x});
  g.outputs.push_back({"old", old});
  g.outputs.push_back({"state", state});
  return g;
}

void expect_refused(const ir::Graph& graph, const std::vector<Evaluated>& inputs) {
  for (Precision p : {Precision::as_is, Precision::double_}) {
    Diagnostics diagnostics;
    EXPECT_TRUE(evaluate(graph, inputs, diagnostics, p).empty());
    EXPECT_FALSE(diagnostics.empty());
  }
}

TEST(Evaluator, TakesItsShapesFromTheInputs) {
  ir::Graph g = sigmoid_graph();
  for (int32_t n : {1, 5, 8}) {
    Diagnostics diagnostics;
    auto out =
        evaluate(g, {tensor({n}, std::vector<float>(static_cast<size_t>(n), 0))}, diagnostics);
    ASSERT_EQ(out.size(), 1u) << diagnostics.text();
    EXPECT_EQ(out[0].shape.dims[0], n);
    EXPECT_EQ(elements<float>(out[0]), std::vector<float>(static_cast<size_t>(n), 0.5f));
  }
}

TEST(Evaluator, ComputesInDouble) {
  Diagnostics diagnostics;
  auto out =
      evaluate(sigmoid_graph(), {tensor<double>({2}, {0.3, -2})}, diagnostics, Precision::double_);
  ASSERT_EQ(out.size(), 1u) << diagnostics.text();
  auto y = elements<double>(out[0]);
  EXPECT_DOUBLE_EQ(y[0], 1 / (1 + std::exp(-0.3)));
  EXPECT_DOUBLE_EQ(y[1], 1 / (1 + std::exp(2.0)));
}

TEST(Evaluator, StatesStartAtZeroAndChangeInOrder) {
  Diagnostics diagnostics;
  auto out = evaluate(counter_graph(), {tensor<float>({1}, {2})}, diagnostics);
  ASSERT_EQ(out.size(), 2u) << diagnostics.text();
  EXPECT_EQ(elements<float>(out[0]), std::vector<float>{0});
  EXPECT_EQ(elements<float>(out[1]), std::vector<float>{2});
}

TEST(Evaluator, ObservesWhatIsWritten) {
  ir::Graph g = counter_graph();
  std::vector<ir::ValueId> seen;
  Diagnostics diagnostics;
  evaluate(g, {tensor<float>({1}, {2})}, diagnostics, Precision::as_is,
           [&](ir::ValueId id, const Evaluated&) { seen.push_back(id); });
  EXPECT_EQ(seen, (std::vector<ir::ValueId>{2, 3, 1}));
}

TEST(Evaluator, MixesQuantizedAndDouble) {
  ir::Graph g;
  ShapeBounds shape = ir::shape_of({2});
  ir::ValueId x = g.add_value(activation("x", shape));
  ir::Value quantized = activation("q", shape, Type::int8);
  quantized.quantization = {{0.5f}, {3}, -1};
  ir::ValueId q = g.add_value(std::move(quantized)), y = g.add_value(activation("y", shape));
  g.nodes.push_back(node(op_code::quantize, {x}, {q}));
  g.nodes.push_back(node(op_code::dequantize, {q}, {y}));
  g.inputs.push_back({"x", x});
  g.outputs.push_back({"y", y});
  Diagnostics diagnostics;
  auto out = evaluate(g, {tensor<double>({2}, {1.1, -3})}, diagnostics, Precision::double_);
  ASSERT_EQ(out.size(), 1u) << diagnostics.text();
  EXPECT_EQ(elements<double>(out[0]), (std::vector<double>{1, -3}));
}

TEST(Evaluator, RunsASingleNodeOnConstants) {
  ir::Graph g;
  ShapeBounds shape = ir::shape_of({2});
  ir::ValueId a = g.add_constant<float>("a", Type::float32, shape, {1, 2});
  ir::ValueId b = g.add_constant<float>("b", Type::float32, shape, {3, 4});
  ir::ValueId c = g.add_value(activation("c", shape));
  ir::Node add = node(op_code::add, {a, b}, {c});
  add.set_attrs(BinaryAttrs{});
  Diagnostics diagnostics;
  auto out = evaluate_node(g, add, diagnostics);
  ASSERT_EQ(out.size(), 1u) << diagnostics.text();
  EXPECT_EQ(elements<float>(out[0]), (std::vector<float>{4, 6}));
  // The inputs of a foldable node are constants; those of another one are not known.
  g.value(a).kind = TensorKind::activation;
  EXPECT_TRUE(evaluate_node(g, add, diagnostics).empty());
  EXPECT_FALSE(diagnostics.empty());
}

TEST(Evaluator, RefusesWrongInputs) {
  ir::Graph g = sigmoid_graph();
  expect_refused(g, {});
  expect_refused(g, {tensor<float>({9}, std::vector<float>(9))});
  expect_refused(g, {tensor<float>({1, 1}, {1})});
  expect_refused(g, {tensor<uint8_t>({1}, {1})});
}

TEST(Evaluator, RefusesWrongNodes) {
  std::vector<void (*)(ir::Graph&)> breaks = {
      [](ir::Graph& g) { g.nodes[0].op = 9999; },
      [](ir::Graph& g) { g.nodes[0].attributes.clear(); },
      [](ir::Graph& g) { g.nodes[0].set_attrs(ActivationAttrs{99}); },
      [](ir::Graph& g) { g.nodes[0].inputs.clear(); },
      [](ir::Graph& g) { g.nodes[0].inputs = {ir::kNone}; },
      [](ir::Graph& g) { g.nodes[0].inputs = {17}; },
      [](ir::Graph& g) { g.nodes[0].outputs = {-5}; },
      [](ir::Graph& g) { g.nodes[0].outputs.clear(); },
      [](ir::Graph& g) { g.nodes[0].inputs = {1}; },  // its own output
      [](ir::Graph& g) { g.nodes.clear(); },
      [](ir::Graph& g) { g.outputs[0].value = 99; },
      [](ir::Graph& g) { g.inputs[0].value = -1; },
      [](ir::Graph& g) { g.value(0).type = static_cast<Type>(77); },
      [](ir::Graph& g) { g.value(1).type = Type::int8; },
      [](ir::Graph& g) { g.value(1).shape.rank = 9; },
      [](ir::Graph& g) { g.value(1).shape.dims[0] = {0, -1}; },
      [](ir::Graph& g) { g.value(0).quantization = {{1, 1}, {0}, 7}; },
      [](ir::Graph& g) { g.value(0).quantization = {{NAN}, {0}, -1}; },
  };
  for (size_t i = 0; i < breaks.size(); ++i) {
    SCOPED_TRACE(i);
    ir::Graph g = sigmoid_graph();
    breaks[i](g);
    for (Precision p : {Precision::as_is, Precision::double_}) {
      Diagnostics diagnostics;
      auto x = p == Precision::as_is ? tensor<float>({2}, {1, 2}) : tensor<double>({2}, {1, 2});
      EXPECT_TRUE(evaluate(g, {x}, diagnostics, p).empty());
      EXPECT_FALSE(diagnostics.empty());
    }
  }
}

TEST(Evaluator, ReportsIndicesOutOfRange) {
  ir::Graph g;
  ir::ValueId x = g.add_constant<float>("x", Type::float32, ir::shape_of({2}), {1, 2});
  ir::ValueId i = g.add_value(activation("i", ir::shape_of({1}), Type::int32));
  ir::ValueId y = g.add_value(activation("y", ir::shape_of({1})));
  ir::Node n = node(op_code::gather, {x, i}, {y});
  n.set_attrs(GatherAttrs{0, 0});
  g.nodes.push_back(std::move(n));
  g.inputs.push_back({"i", i});
  g.outputs.push_back({"y", y});
  Diagnostics diagnostics;
  EXPECT_EQ(evaluate(g, {tensor<int32_t>({1}, {1})}, diagnostics).size(), 1u);
  for (int32_t bad : {-1, 2, INT32_MIN}) expect_refused(g, {tensor<int32_t>({1}, {bad})});
}

}  // namespace
}  // namespace mote::test
