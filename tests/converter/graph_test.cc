#include "ir/graph.h"

#include <gtest/gtest.h>

#include "graph_builder.h"

namespace mote::test {
namespace {

TEST(Graph, CountsReadersAndOutputs) {
  GraphBuilder b;
  ir::ValueId x = b.input(ir::shape_of({1, 2, 2, 2})), y = b.conv(x), z = b.relu(y);
  b.output(y);
  b.output(z);
  std::vector<int32_t> uses = ir::use_counts(b.graph), producers = ir::producers(b.graph);
  EXPECT_EQ(uses[static_cast<size_t>(x)], 1);
  EXPECT_EQ(uses[static_cast<size_t>(y)], 2);
  EXPECT_EQ(producers[static_cast<size_t>(x)], -1);
  EXPECT_EQ(producers[static_cast<size_t>(z)], 1);
}

TEST(Graph, UnusedValuesGoAndTheOthersKeepTheirNames) {
  GraphBuilder b;
  b.value(ir::shape_of({7}));
  ir::ValueId x = b.input(ir::shape_of({1, 2, 2, 2}));
  b.value(ir::shape_of({7}));
  ir::ValueId y = b.relu(x);
  b.output(y);
  std::string name = b.graph.value(y).name;
  b.graph.nodes[0].inputs.push_back(ir::kNone);
  ir::remove_unused_values(b.graph);
  ASSERT_EQ(b.graph.values.size(), 2u);
  EXPECT_EQ(b.graph.value(b.graph.outputs[0].value).name, name);
  EXPECT_EQ(b.graph.nodes[0].inputs[1], ir::kNone);
}

}  // namespace
}  // namespace mote::test
