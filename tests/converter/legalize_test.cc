#include <gtest/gtest.h>

#include "graph_builder.h"
#include "passes/passes.h"

namespace mote::test {
namespace {

// fully_connected int8 with weights of one value and one bias.
void add_dense(GraphBuilder& b, int32_t k, int32_t bias) {
  ir::ValueId x = b.input(ir::shape_of({1, k}), Type::int8, GraphBuilder::per_tensor(1));
  ir::ValueId w = b.graph.add_constant("w", Type::int8, ir::shape_of({1, k}),
                                       std::vector<int8_t>(static_cast<size_t>(k), 127),
                                       GraphBuilder::per_tensor(1));
  ir::ValueId c =
      b.graph.add_constant("bias", Type::int32, ir::shape_of({1}), std::vector<int32_t>{bias});
  ir::ValueId y = b.value(ir::shape_of({1, 1}), Type::int8, GraphBuilder::per_tensor(1));
  b.node(op_code::fully_connected, FullyConnectedAttrs{}, {x, w, c}, y);
  b.output(y);
}

TEST(Legalize, ASumThatFitsInt32IsTaken) {
  GraphBuilder b;
  add_dense(b, 1000, INT32_MAX - 128 * 127 * 1000);
  Diagnostics diagnostics;
  legalize(b.graph, diagnostics);
  EXPECT_TRUE(diagnostics.empty()) << diagnostics.text();
}

TEST(Legalize, AWorstCaseAboveInt32IsRefused) {
  GraphBuilder b;
  add_dense(b, 1000, INT32_MAX - 128 * 127 * 1000 + 1);
  Diagnostics diagnostics;
  legalize(b.graph, diagnostics);
  ASSERT_EQ(diagnostics.list().size(), 1u);
  EXPECT_EQ(diagnostics.list()[0].where, "node 0");
}

TEST(Legalize, ATypeThatNoKernelTakesIsRefusedWithItsPlace) {
  GraphBuilder b;
  ir::ValueId x = b.input(ir::shape_of({4}), Type::int16);
  ir::ValueId y = b.value(ir::shape_of({4}), Type::int16);
  b.node(op_code::activation, ActivationAttrs{kMoteRelu}, {x}, y);
  b.output(y);
  Diagnostics diagnostics;
  legalize(b.graph, diagnostics);
  ASSERT_EQ(diagnostics.list().size(), 1u);
  EXPECT_EQ(diagnostics.list()[0].where, "node 0");
}

TEST(Legalize, EveryFaultIsReported) {
  GraphBuilder b;
  add_dense(b, 1000, INT32_MAX);
  add_dense(b, 1000, INT32_MAX);
  Diagnostics diagnostics;
  legalize(b.graph, diagnostics);
  EXPECT_EQ(diagnostics.list().size(), 2u);
}

}  // namespace
}  // namespace mote::test
