// What is computed from states alone leaves the entry point.
#include "grad/hoist_derives.h"

#include <gtest/gtest.h>

#include "grad/freeze.h"
#include "grad/train_steps.h"
#include "support/built_model.h"

namespace mote::test {
namespace {

std::shared_ptr<const ir::Bytes> bytes_of(const std::vector<float>& elements) {
  return std::make_shared<const ir::Bytes>(evaluated({1}, elements).bytes);
}

// y = x + relu(a) + softmax(b)
struct Hoisted {
  ir::Module module;
  Diagnostics diagnostics;

  explicit Hoisted(bool written = false) {
    GraphMaker m;
    ir::ValueId x = m.input("x", ir::shape_of({2}));
    ir::ValueId a = m.state("a", ir::shape_of({2})), b = m.state("b", ir::shape_of({2}));
    m.graph().value(a).data = bytes_of({-1, 2});
    m.graph().value(b).data = bytes_of({0, 0});
    ir::ValueId y = m.add(m.add(x, m.relu(m.read_state(a))), m.softmax(m.read_state(b)));
    m.output(y);
    if (written) m.assign_state(a, y);
    module.graphs.push_back(m.graph());
    hoist_derives(module, diagnostics);
  }
};

TEST(HoistDerives, MakesAGraphForEachSetOfNodes) {
  Hoisted h;
  ASSERT_EQ(h.diagnostics.text(), "");
  ASSERT_EQ(h.module.derives.size(), 2u);
  for (const ir::Graph& derive : h.module.derives) {
    EXPECT_TRUE(derive.inputs.empty() && derive.outputs.empty());
    ASSERT_EQ(derive.nodes.size(), 3u);
    EXPECT_EQ(derive.nodes[0].op, op_code::read_state);
    EXPECT_EQ(derive.nodes[2].op, op_code::assign_state);
  }
  for (const ir::Node& node : h.module.graphs[0].nodes)
    EXPECT_TRUE(node.op == op_code::read_state || node.op == op_code::add);
}

TEST(HoistDerives, GivesTheStatesTheirPresentValues) {
  Hoisted h;
  std::vector<Evaluated> y =
      run_graph(h.module.graphs[0], {evaluated({2}, std::vector<float>{10, 20})});
  EXPECT_EQ(floats_of(y[0]), (std::vector<float>{10.5f, 22.5f}));
}

TEST(HoistDerives, LeavesStatesThatTheGraphWrites) {
  Hoisted h(true);
  ASSERT_EQ(h.diagnostics.text(), "");
  ASSERT_EQ(h.module.derives.size(), 1u);
}

TEST(HoistDerives, LeavesViewsAlone) {
  GraphMaker m;
  ir::ValueId x = m.input("x", ir::shape_of({1, 2}));
  m.output(m.add(x, m.reshape(m.read_state(m.state("a", ir::shape_of({2}))), {1, 2})));
  ir::Module module;
  module.graphs.push_back(m.graph());
  Diagnostics diagnostics;
  hoist_derives(module, diagnostics);
  EXPECT_TRUE(module.derives.empty());
}

TEST(Freeze, RefreshesWhatIsDerived) {
  Hoisted h;
  set_state_values(h.module, {{"a", bytes_of({4, -4})}});
  ir::Module frozen = freeze(h.module, h.diagnostics);
  ASSERT_EQ(h.diagnostics.text(), "");
  EXPECT_TRUE(state_values(frozen).empty());
  std::vector<Evaluated> y =
      run_graph(frozen.graphs[0], {evaluated({2}, std::vector<float>{0, 0})});
  EXPECT_EQ(floats_of(y[0]), (std::vector<float>{4.5f, 0.5f}));
}

TEST(Freeze, KeepsStatesThatInferWrites) {
  Hoisted h(true);
  ir::Module frozen = freeze(h.module, h.diagnostics);
  ASSERT_EQ(h.diagnostics.text(), "");
  StateValues left = state_values(frozen);
  EXPECT_EQ(left.size(), 1u);
  EXPECT_EQ(left.count("a"), 1u);
}

}  // namespace
}  // namespace mote::test
