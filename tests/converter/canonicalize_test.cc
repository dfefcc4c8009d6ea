#include <gtest/gtest.h>

#include "graph_builder.h"
#include "passes/passes.h"

namespace mote::test {
namespace {

struct Canonicalize : testing::Test {
  GraphBuilder b;
  Diagnostics diagnostics;
  void run() { canonicalize(b.graph, diagnostics); }
};

TEST_F(Canonicalize, RequantizeToTheSameParametersDisappears) {
  ir::Quantization q = GraphBuilder::per_tensor(0.5f, 3);
  ir::ValueId x = b.input(ir::shape_of({4}), Type::int8, q);
  ir::ValueId y = b.value(ir::shape_of({4}), Type::int8, q);
  b.node(op_code::requantize, {x}, y);
  ir::ValueId z = b.reshape(y, {2, 2});
  b.output(z);
  run();
  ASSERT_EQ(b.graph.nodes.size(), 1u);
  EXPECT_EQ(b.graph.nodes[0].inputs[0], x);
}

TEST_F(Canonicalize, RequantizeToOtherParametersStays) {
  ir::ValueId x = b.input(ir::shape_of({4}), Type::int8, GraphBuilder::per_tensor(0.5f, 3));
  ir::ValueId y = b.value(ir::shape_of({4}), Type::int8, GraphBuilder::per_tensor(0.5f, 4));
  b.node(op_code::requantize, {x}, y);
  b.output(b.reshape(y, {2, 2}));
  run();
  EXPECT_EQ(b.graph.nodes.size(), 2u);
}

TEST_F(Canonicalize, ReshapeOfReshapeReadsTheFirstInput) {
  ir::ValueId x = b.input(ir::shape_of({2, 6}));
  ir::ValueId y = b.reshape(x, {3, 4}), z = b.reshape(y, {12});
  b.output(z);
  run();
  EXPECT_EQ(b.graph.nodes.back().inputs[0], x);
}

TEST_F(Canonicalize, ReshapeThatCopiesASizeKeepsItsInput) {
  ir::ValueId x = b.input(ir::shape_of({2, 6}));
  ir::ValueId y = b.reshape(x, {3, 4});
  b.output(b.reshape(y, {0, 2, 2}));
  run();
  EXPECT_EQ(b.graph.nodes.back().inputs[0], y);
}

TEST_F(Canonicalize, AnIdentityBetweenTwoPortsStays) {
  ir::ValueId x = b.input(ir::shape_of({4}));
  b.output(b.reshape(x, {4}));
  run();
  EXPECT_EQ(b.graph.nodes.size(), 1u);
}

TEST_F(Canonicalize, PaddingByNothingDisappears) {
  ir::ValueId x = b.input(ir::shape_of({4})), y = b.value(ir::shape_of({4}));
  PadAttrs a{};
  a.count = 1;
  b.node(op_code::pad, a, {x}, y);
  b.output(b.relu(y));
  run();
  ASSERT_EQ(b.graph.nodes.size(), 1u);
  EXPECT_EQ(b.graph.nodes[0].inputs[0], x);
}

}  // namespace
}  // namespace mote::test
