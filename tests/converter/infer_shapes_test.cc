#include <gtest/gtest.h>

#include "graph_builder.h"
#include "ir/op_view.h"
#include "passes/passes.h"

namespace mote::test {
namespace {

TEST(InferShapes, DynamicBoundsReachTheOutputs) {
  GraphBuilder b;
  ShapeBounds shape = ir::shape_of({1, 4, 4, 2});
  shape.dims[0] = {1, 8};
  ir::ValueId x = b.input(shape), y = b.conv(x);
  b.graph.value(y).shape = {};
  ir::ValueId z = b.reshape(y, {-1, 32});
  b.output(z);
  Diagnostics diagnostics;
  infer_shapes(b.graph, diagnostics);
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  EXPECT_EQ(ir::shape_text(b.graph.value(y).shape), "[1..8, 4, 4, 2]");
  EXPECT_EQ(ir::shape_text(b.graph.value(z).shape), "[1..8, 32]");
}

TEST(InferShapes, AnImpossibleShapeNamesTheNode) {
  GraphBuilder b;
  ir::ValueId x = b.input(ir::shape_of({2, 3}));
  b.output(b.reshape(x, {4, 2}));
  Diagnostics diagnostics;
  infer_shapes(b.graph, diagnostics);
  ASSERT_EQ(diagnostics.list().size(), 1u);
  EXPECT_EQ(diagnostics.list()[0].where, "node 0");
}

}  // namespace
}  // namespace mote::test
