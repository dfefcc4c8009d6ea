#include <gtest/gtest.h>

#include "graph_builder.h"
#include "passes/passes.h"

namespace mote::test {
namespace {

struct FuseActivations : testing::Test {
  GraphBuilder b;
  Diagnostics diagnostics;
  ir::ValueId x = b.input(ir::shape_of({1, 2, 2, 2}));
  void run() { fuse_activations(b.graph, diagnostics); }
};

TEST_F(FuseActivations, ReluMovesIntoTheConvolution) {
  ir::ValueId z = b.relu(b.conv(x));
  b.output(z);
  run();
  ASSERT_EQ(b.graph.nodes.size(), 1u);
  EXPECT_EQ(b.graph.nodes[0].outputs[0], z);
  EXPECT_EQ(b.graph.nodes[0].attrs<Conv2dAttrs>().activation, kMoteActivationRelu);
}

TEST_F(FuseActivations, AValueWithAnotherReaderIsKept) {
  ir::ValueId y = b.conv(x), z = b.relu(y);
  b.output(y);
  b.output(z);
  run();
  EXPECT_EQ(b.graph.nodes.size(), 2u);
}

TEST_F(FuseActivations, OnlyOneActivationFits) {
  ir::ValueId z = b.relu(b.relu(b.conv(x)));
  b.output(z);
  run();
  EXPECT_EQ(b.graph.nodes.size(), 2u);
}

TEST_F(FuseActivations, QuantizedOnlyWhereTheScaleStays) {
  for (float scale : {0.5f, 0.25f}) {
    GraphBuilder q;
    ir::Quantization in = GraphBuilder::per_tensor(0.5f);
    ir::ValueId a = q.input(ir::shape_of({4}), Type::int8, in);
    ir::ValueId sum = q.value(ir::shape_of({4}), Type::int8, in);
    q.node(op_code::add, BinaryAttrs{}, {a, a}, sum);
    ir::ValueId y = q.value(ir::shape_of({4}), Type::int8, GraphBuilder::per_tensor(scale));
    q.node(op_code::activation, ActivationAttrs{kMoteRelu}, {sum}, y);
    q.output(y);
    fuse_activations(q.graph, diagnostics);
    EXPECT_EQ(q.graph.nodes.size(), scale == 0.5f ? 1u : 2u);
  }
}

TEST_F(FuseActivations, SigmoidStaysAnOperator) {
  ir::ValueId y = b.conv(x), z = b.value(ir::shape_of({1, 2, 2, 2}));
  b.node(op_code::activation, ActivationAttrs{kMoteSigmoid}, {y}, z);
  b.output(z);
  run();
  EXPECT_EQ(b.graph.nodes.size(), 2u);
}

}  // namespace
}  // namespace mote::test
