// Graphs with optimizers, for tests of the session.
#pragma once

#include "support/built_model.h"
#include "train/attributes.h"

namespace mote::test {

// A node that writes its first inputs, which are states.
template <class A>
void update(GraphMaker& g, uint16_t op, const A& attrs, std::vector<ir::ValueId> inputs) {
  ir::Node n;
  n.op = op;
  n.set_attrs(attrs);
  n.inputs = std::move(inputs);
  g.graph().nodes.push_back(std::move(n));
}

inline ir::ValueId require_finite(GraphMaker& g, ir::ValueId x) {
  ir::Node n;
  n.op = op_code::require_finite;
  n.inputs = {x};
  ir::Value copy = g.graph().value(x);
  copy.name += "/finite";
  n.outputs = {g.graph().add_value(copy)};
  g.graph().nodes.push_back(n);
  return n.outputs[0];
}

inline std::vector<float> read_state(const Session& s, const BuiltModel& built,
                                     const std::string& name) {
  auto t = static_cast<uint32_t>(built.tensor(name));
  std::vector<float> values(static_cast<size_t>(built.model.tensor(t).max_bytes) / sizeof(float));
  Status status =
      s.read_state(t, {reinterpret_cast<uint8_t*>(values.data()), values.size() * sizeof(float)});
  EXPECT_TRUE(status.ok()) << text_of(status);
  return values;
}

// Inputs: gradients a and b, of `size` elements; states: a, a/velocity, updated by sgd with
// momentum 0.5 and rate 0.25, and b, b/m, b/v, by adam with rate 0.25, betas 0.5 and epsilon 0.
inline ir::Graph two_optimizers(int32_t size) {
  GraphMaker g("train");
  ShapeBounds shape = ir::shape_of({size});
  ir::ValueId a = require_finite(g, g.input("gradient a", shape));
  ir::ValueId b = require_finite(g, g.input("gradient b", shape));
  ir::ValueId rate = g.constant("rate", ir::shape_of({1}), {0.25f});
  ir::ValueId step =
      g.graph().add_constant("step", Type::int32, ir::shape_of({1}), std::vector<int32_t>{1});
  update(g, op_code::sgd, OptimizerAttrs{},
         {g.state("a", shape), g.state("a/velocity", shape), a, rate,
          g.constant("sgd", ir::shape_of({2}), {0.5f, 0})});
  update(g, op_code::adam, OptimizerAttrs{},
         {g.state("b", shape), g.state("b/m", shape), g.state("b/v", shape), b, rate, step,
          g.constant("adam", ir::shape_of({4}), {0.5f, 0.5f, 0, 0})});
  return g.graph();
}

}  // namespace mote::test
