#include <gtest/gtest.h>

#include "graph_builder.h"
#include "passes/passes.h"

namespace mote::test {
namespace {

TEST(RemoveDead, ResultsThatNothingReadsGoWithTheirOperands) {
  GraphBuilder b;
  ir::ValueId x = b.input(ir::shape_of({1, 2, 2, 2}));
  b.conv(b.conv(x));
  b.output(b.relu(x));
  Diagnostics diagnostics;
  remove_dead(b.graph, diagnostics);
  EXPECT_EQ(b.graph.nodes.size(), 1u);
  EXPECT_EQ(b.graph.values.size(), 2u);
}

TEST(RemoveDead, WritesToStatesStay) {
  GraphBuilder b;
  ir::ValueId x = b.input(ir::shape_of({4})), s = b.value(ir::shape_of({4}));
  b.graph.value(s).kind = TensorKind::state;
  b.node(op_code::assign_state, {s, x}, x).outputs.clear();
  Diagnostics diagnostics;
  remove_dead(b.graph, diagnostics);
  EXPECT_EQ(b.graph.nodes.size(), 1u);
}

}  // namespace
}  // namespace mote::test
