// Operands of the evaluator in double.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "ir/evaluator.h"

namespace mote::test {

using Doubles = std::vector<double>;

inline Evaluated evaluated(const std::vector<int32_t>& shape, const Doubles& elements) {
  Evaluated e;
  e.shape = ir::shape_of(shape).max();
  e.bytes.resize(elements.size() * sizeof(double));
  memcpy(e.bytes.data(), elements.data(), e.bytes.size());
  return e;
}
inline Evaluated evaluated(const std::vector<int32_t>& shape,
                           const std::vector<int32_t>& elements) {
  Evaluated e;
  e.shape = ir::shape_of(shape).max();
  e.bytes.resize(elements.size() * sizeof(int32_t));
  memcpy(e.bytes.data(), elements.data(), e.bytes.size());
  return e;
}
inline Doubles doubles(const Evaluated& e) {
  Doubles out(e.bytes.size() / sizeof(double));
  memcpy(out.data(), e.bytes.data(), e.bytes.size());
  return out;
}

// Uniform in [low, high]; equal on every machine.
inline Doubles draw(std::mt19937& engine, size_t n, double low, double high) {
  Doubles out(n);
  for (double& x : out) x = low + (high - low) * (engine() * 0x1p-32);
  return out;
}

inline void expect_near(const Doubles& got, const Doubles& expected, double tolerance) {
  ASSERT_EQ(got.size(), expected.size());
  for (size_t i = 0; i < got.size(); ++i)
    ASSERT_NEAR(got[i], expected[i], tolerance) << "element " << i;
}

// A graph of nodes whose operands that are not states are graph inputs.
class Operands {
 public:
  ir::ValueId input(const std::vector<int32_t>& shape, const Doubles& elements) {
    given.push_back(evaluated(shape, elements));
    return add_input(shape, Type::float32);
  }
  ir::ValueId input(const std::vector<int32_t>& shape, const std::vector<int32_t>& elements) {
    given.push_back(evaluated(shape, elements));
    return add_input(shape, Type::int32);
  }
  ir::ValueId state(const std::vector<int32_t>& shape) {
    return graph.add_value(
        {"state", Type::float32, TensorKind::state, ir::shape_of(shape), {}, {}});
  }
  template <class A>
  void node(uint16_t op, const A& attrs, std::vector<ir::ValueId> inputs, size_t outputs = 0) {
    ir::Node n;
    n.op = op;
    n.set_attrs(attrs);
    add(std::move(n), std::move(inputs), outputs);
  }
  void node(uint16_t op, std::vector<ir::ValueId> inputs, size_t outputs) {
    ir::Node n;
    n.op = op;
    add(std::move(n), std::move(inputs), outputs);
  }

  // Every value that was written, in order.
  std::vector<std::pair<ir::ValueId, Doubles>> run() const {
    std::vector<std::pair<ir::ValueId, Doubles>> written;
    Diagnostics diagnostics;
    evaluate(graph, given, diagnostics, Precision::double_,
             [&](ir::ValueId v, const Evaluated& e) { written.emplace_back(v, doubles(e)); });
    EXPECT_EQ(diagnostics.text(), "");
    return written;
  }

  ir::Graph graph;
  std::vector<Evaluated> given;

 private:
  ir::ValueId add_input(const std::vector<int32_t>& shape, Type type) {
    ir::ValueId v =
        graph.add_value({"input", type, TensorKind::activation, ir::shape_of(shape), {}, {}});
    graph.inputs.push_back({"input", v});
    return v;
  }
  void add(ir::Node n, std::vector<ir::ValueId> inputs, size_t outputs) {
    n.location = "the node";
    n.inputs = std::move(inputs);
    for (size_t i = 0; i < outputs; ++i)
      n.outputs.push_back(
          graph.add_value({"output", Type::float32, TensorKind::activation, {}, {}, {}}));
    graph.nodes.push_back(std::move(n));
  }
};

}  // namespace mote::test
