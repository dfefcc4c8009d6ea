// Derive graphs: states that are computed from other states, when those have changed.
#include <gtest/gtest.h>

#include "base/arch.h"
#include "ops/operator.h"
#include "support/built_model.h"

namespace mote::test {
namespace {

constexpr int32_t kSize = 6;

void set_initial(ir::Graph& graph, ir::ValueId state, const std::vector<float>& values) {
  auto* bytes = reinterpret_cast<const uint8_t*>(values.data());
  graph.value(state).data =
      std::make_shared<const ir::Bytes>(bytes, bytes + values.size() * sizeof(float));
}

// "derived" = relu("weights"); `infer` gives x + derived, `train` adds x to weights.
ir::Module module_with_derive() {
  ir::Module module;
  const ShapeBounds shape = ir::shape_of({kSize});
  const std::vector<float> initial = {-1, 2, -3, 4, -5, 6};

  GraphMaker infer("infer");
  ir::ValueId derived = infer.state("derived", shape);
  set_initial(infer.graph(), derived, {0, 2, 0, 4, 0, 6});
  ir::ValueId x = infer.input("x", shape);
  infer.output(infer.add(x, infer.read_state(derived)));
  module.graphs.push_back(infer.graph());

  GraphMaker train("train");
  ir::ValueId weights = train.state("weights", shape);
  set_initial(train.graph(), weights, initial);
  ir::ValueId step = train.input("step", shape);
  ir::ValueId sum = train.add(step, train.read_state(weights));
  train.assign_state(weights, sum);
  train.output(sum);
  module.graphs.push_back(train.graph());

  GraphMaker derive("derive");
  weights = derive.state("weights", shape);
  set_initial(derive.graph(), weights, initial);
  derived = derive.state("derived", shape);
  set_initial(derive.graph(), derived, {0, 2, 0, 4, 0, 6});
  derive.assign_state(derived, derive.relu(derive.read_state(weights)));
  module.derives.push_back(derive.graph());
  return module;
}

struct Derived : testing::Test {
  void SetUp() override {
    Diagnostics diagnostics;
    bytes = AlignedBytes(export_module(module_with_derive(), diagnostics));
    ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
    model = must(Model::load(bytes.span(), inference_operators()));
    plan = must(Plan::create(model));
    session = must(Session::create(plan));
    infer = must(model.find_entry_point("infer"));
    train = must(model.find_entry_point("train"));
  }
  uint32_t tensor(const std::string& name) {
    for (uint32_t t = 0; t < model.tensor_count(); ++t)
      if (name == model.tensor(t).name) return t;
    ADD_FAILURE() << name;
    return 0;
  }
  std::vector<float> run(uint32_t entry, float value) {
    write(session, entry, 0, std::vector<float>(kSize, value));
    EXPECT_TRUE(session.run(entry).ok());
    return read(session, entry, 0);
  }

  AlignedBytes bytes;
  Model model;
  Plan plan;
  Session session;
  uint32_t infer = 0, train = 0;
};

TEST_F(Derived, InitialValuesNeedNoRun) {
  EXPECT_EQ(run(infer, 1), (std::vector<float>{1, 3, 1, 5, 1, 7}));
}

TEST_F(Derived, FollowsItsSourceAndKeepsTheInputs) {
  run(train, 4);  // weights are 3 6 1 8 -1 10
  EXPECT_EQ(run(infer, 100), (std::vector<float>{103, 106, 101, 108, 100, 110}));
  run(train, -4);
  run(train, 4);
  EXPECT_EQ(run(infer, 0), (std::vector<float>{3, 6, 1, 8, 0, 10}));
}

TEST_F(Derived, FollowsWrittenAndResetStates) {
  const std::vector<float> values(kSize, 9);
  ASSERT_TRUE(session
                  .write_state(tensor("weights"), {reinterpret_cast<const uint8_t*>(values.data()),
                                                   kSize * sizeof(float)})
                  .ok());
  EXPECT_EQ(run(infer, 1), std::vector<float>(kSize, 10));
  session.reset_states();
  EXPECT_EQ(run(infer, 1), (std::vector<float>{1, 3, 1, 5, 1, 7}));
}

TEST_F(Derived, RunDerivesBringsStatesUpToDate) {
  run(train, 4);
  std::vector<float> derived(kSize);
  Span<uint8_t> memory{reinterpret_cast<uint8_t*>(derived.data()), kSize * sizeof(float)};
  ASSERT_TRUE(session.run_derives().ok());
  ASSERT_TRUE(session.read_state(tensor("derived"), memory).ok());
  EXPECT_EQ(derived, (std::vector<float>{3, 6, 1, 8, 0, 10}));
}

TEST_F(Derived, WorksWithBoundMemory) {
  std::vector<float> x(kSize, 1), y(kSize);
  const size_t size = kSize * sizeof(float);
  run(train, 4);
  ASSERT_TRUE(
      session.bind_input(infer, 0, {reinterpret_cast<const uint8_t*>(x.data()), size}).ok());
  ASSERT_TRUE(session.bind_output(infer, 0, {reinterpret_cast<uint8_t*>(y.data()), size}).ok());
  ASSERT_TRUE(session.run(infer).ok());
  EXPECT_EQ(y, (std::vector<float>{4, 7, 2, 9, 1, 11}));
}

// The inputs that wait for the derive graph count as live beside it, and nothing else does.
TEST_F(Derived, ItsPeakHoldsTheWaitingInputs) {
  Plan alone = must(Plan::create(model, {&infer, 1}));
  // x, and the result of the activation; the states have memory of their own.
  constexpr uint64_t kBytes = kSize * sizeof(float);
  EXPECT_EQ(alone.report().peak_live_bytes, 2 * kBytes);
  EXPECT_LE(alone.report().arena_bytes, 2 * (kArenaAlignment + kRedZone));
}

// A build that lacks the derive graph's operators runs `infer` with the file's values, and says
// why it cannot when a source has changed.
TEST(DeriveUnavailable, OnlyMattersWhenDue) {
  Diagnostics diagnostics;
  AlignedBytes bytes(export_module(module_with_derive(), diagnostics));
  std::vector<const Operator*> rows;
  OperatorTable all = inference_operators();
  for (uint32_t i = 0; i < all.count; ++i)
    if (all.operators[i]->code != op_code::activation) rows.push_back(all.operators[i]);
  Model model = must(
      Model::load(bytes.span(), OperatorTable{rows.data(), static_cast<uint32_t>(rows.size())}));
  Plan plan = must(Plan::create(model));
  Session session = must(Session::create(plan));
  uint32_t infer = must(model.find_entry_point("infer"));
  write(session, infer, 0, std::vector<float>(kSize, 1));
  EXPECT_TRUE(session.run(infer).ok());
  uint32_t train = must(model.find_entry_point("train"));
  write(session, train, 0, std::vector<float>(kSize, 1));
  ASSERT_TRUE(session.run(train).ok());
  EXPECT_EQ(session.run(infer).code, Code::operator_not_in_build);
  EXPECT_EQ(session.run_derives().code, Code::operator_not_in_build);
}

}  // namespace
}  // namespace mote::test
