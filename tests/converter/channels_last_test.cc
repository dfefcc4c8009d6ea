#include <gtest/gtest.h>

#include "graph_builder.h"
#include "passes/passes.h"

namespace mote::test {
namespace {

struct ChannelsLast : testing::Test {
  GraphBuilder b;
  Diagnostics diagnostics;
  void run() {
    channels_last(b.graph, diagnostics);
    remove_dead(b.graph, diagnostics);
  }
};

TEST_F(ChannelsLast, InverseTransposesCancel) {
  ir::ValueId x = b.input(ir::shape_of({1, 3, 4, 5}));
  b.output(b.relu(b.transpose(b.transpose(x, {0, 3, 1, 2}), {0, 2, 3, 1})));
  run();
  ASSERT_EQ(b.graph.nodes.size(), 1u);
  EXPECT_EQ(b.graph.nodes[0].op, op_code::activation);
}

TEST_F(ChannelsLast, OtherTransposesBecomeOne) {
  ir::ValueId x = b.input(ir::shape_of({2, 3, 4}));
  b.output(b.transpose(b.transpose(x, {1, 2, 0}), {0, 2, 1}));
  run();
  ASSERT_EQ(b.graph.nodes.size(), 1u);
  auto a = b.graph.nodes[0].attrs<TransposeAttrs>();
  EXPECT_EQ(a.permutation[0], 1);
  EXPECT_EQ(a.permutation[1], 0);
  EXPECT_EQ(a.permutation[2], 2);
}

TEST_F(ChannelsLast, MovingSizesOfOneIsAReshape) {
  ir::ValueId x = b.input(ir::shape_of({2, 1, 4}));
  b.output(b.transpose(x, {0, 2, 1}));
  run();
  ASSERT_EQ(b.graph.nodes[0].op, op_code::reshape);
  auto a = b.graph.nodes[0].attrs<ReshapeAttrs>();
  EXPECT_EQ(a.shape[1], 4);
  EXPECT_EQ(a.shape[2], 1);
}

TEST_F(ChannelsLast, ADynamicDimensionMayMoveOverASizeOfOne) {
  ShapeBounds shape = ir::shape_of({1, 1, 4});
  shape.dims[1] = {1, 9};
  ir::ValueId x = b.input(shape);
  b.output(b.transpose(x, {1, 0, 2}));
  run();
  ASSERT_EQ(b.graph.nodes[0].op, op_code::reshape);
  EXPECT_EQ(b.graph.nodes[0].attrs<ReshapeAttrs>().shape[0], -1);
}

TEST_F(ChannelsLast, ARealTransposeStays) {
  ir::ValueId x = b.input(ir::shape_of({2, 3}));
  b.output(b.transpose(x, {1, 0}));
  run();
  EXPECT_EQ(b.graph.nodes[0].op, op_code::transpose);
}

}  // namespace
}  // namespace mote::test
