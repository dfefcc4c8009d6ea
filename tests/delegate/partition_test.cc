// Who takes which operator, and what the report says of the others.
#include "delegate/loopback_device.h"

namespace mote::test {
namespace {

const ShapeBounds kShape = ir::shape_of({2, 3});

struct NoAttrs {
  char none;
};

std::string reason(const Plan& plan, uint32_t step) { return plan.steps(0)[step].reason; }

std::vector<int32_t> owners(const Plan& plan, uint32_t entry_point = 0) {
  std::vector<int32_t> list;
  for (const StepInfo& s : plan.steps(entry_point)) list.push_back(s.partition);
  return list;
}

// relu, add | softmax | relu: the loopback does not know softmax.
struct Sandwich {
  GraphMaker make() {
    GraphMaker g;
    ir::ValueId x = g.input("x", kShape);
    g.output(g.relu(g.softmax(g.add(g.relu(x), x))));
    return g;
  }
  GraphMaker graph = make();
  BuiltModel built{graph};
};

TEST(Partitions, AreRunsOfClaimedOperators) {
  Sandwich model;
  Loopback loopback;
  WithDelegates with{&loopback.table()};
  Plan plan = must(Plan::create(model.built.model, {}, with.options));
  EXPECT_EQ(owners(plan), (std::vector<int32_t>{0, 0, -1, 1}));
  ASSERT_EQ(plan.partitions().size, 2u);
  const PartitionInfo& first = plan.partitions()[0];
  EXPECT_EQ(first.first_step, 0u);
  EXPECT_EQ(first.step_count, 2u);
  EXPECT_EQ(first.cost_us, 3.0);
  EXPECT_EQ(first.device_bytes, 3u * 24);  // x and two results
  EXPECT_EQ(plan.partitions()[1].first_step, 3u);
  EXPECT_EQ(loopback.counts().plans, 2);
}

TEST(Partitions, EveryRefusedOperatorHasItsReason) {
  Sandwich model;
  Loopback loopback;
  loopback.options().operators = "activation";
  WithDelegates with{&loopback.table()};
  Plan plan = must(Plan::create(model.built.model, {}, with.options));
  EXPECT_EQ(owners(plan), (std::vector<int32_t>{0, -1, -1, 1}));
  EXPECT_EQ(reason(plan, 0), "");
  EXPECT_EQ(reason(plan, 1), "loopback: switched off");
  EXPECT_EQ(reason(plan, 2), "loopback: the operator is unknown");
}

TEST(Partitions, AnUnusableDelegateSaysWhy) {
  Sandwich model;
  Loopback loopback;
  loopback.options().unusable = "loopback: no device";
  WithDelegates with{&loopback.table()};
  Plan plan = must(Plan::create(model.built.model, {}, with.options));
  EXPECT_EQ(plan.partitions().size, 0u);
  for (uint32_t i = 0; i < 4; ++i) EXPECT_EQ(reason(plan, i), "loopback: no device");
  EXPECT_EQ(loopback.counts().claims, 0);
}

// What only its shape is read of later has no memory any more: in place of it stands B.
TEST(Partitions, AShapeThatIsReadLaterIsNoOutput) {
  GraphMaker g;
  ir::ValueId x = g.input("x", ir::shape_of({4})), w = g.input("w", ir::shape_of({1}));
  ir::Value overwritten;
  overwritten.name = "b";
  overwritten.shape = ir::shape_of({4});
  ir::ValueId b = g.graph().add_value(overwritten);  // before a: the order of the outputs
  ir::ValueId a = g.relu(x);
  ir::Node clamp;
  clamp.op = op_code::activation;
  clamp.set_attrs(ActivationAttrs{kMoteReluN1To1});
  clamp.inputs = {a};
  clamp.outputs = {b};
  g.graph().nodes.push_back(clamp);
  g.output(b);
  g.output(g.node(op_code::broadcast_to, NoAttrs{}, {w, a}, ir::shape_of({4})));
  g.graph().nodes.back().attributes.clear();
  BuiltModel built(g);
  Loopback loopback;
  WithDelegates with{&loopback.table()};
  Plan plan = must(Plan::create(built.model, {}, with.options));
  Session session = must(Session::create(plan));
  write(session, 0, 0, {-5, 0.5f, 3, 9});
  write(session, 0, 1, {2});
  ASSERT_TRUE(session.run().ok());
  EXPECT_EQ(read(session, 0, 0), (std::vector<float>{0, 0.5f, 1, 1}));
}

TEST(Partitions, StatesAndCheckedIndicesStayOnTheCpu) {
  GraphMaker g;
  ir::ValueId x = g.input("x", kShape), state = g.state("s", kShape);
  ir::ValueId one =
      g.graph().add_constant("one", Type::int32, ir::shape_of({1}), std::vector<int32_t>{1});
  ir::ValueId sum = g.add(g.relu(g.read_state(state)), x);
  ir::ValueId row = g.node(op_code::gather, GatherAttrs{}, {sum, one}, ir::shape_of({1, 3}));
  g.assign_state(state, sum);
  g.output(row);
  BuiltModel built(g);
  Loopback loopback;
  WithDelegates with{&loopback.table()};
  Plan plan = must(Plan::create(built.model, {}, with.options));
  EXPECT_EQ(owners(plan), (std::vector<int32_t>{-1, 0, 0, -1, -1}));
  EXPECT_EQ(reason(plan, 0), "states stay on the CPU");
  EXPECT_EQ(reason(plan, 3), "its indices are checked at run, on the CPU");
  EXPECT_EQ(reason(plan, 4), "states stay on the CPU");
}

TEST(Partitions, AViewOfAnInputIsNotWritten) {
  GraphMaker g;
  ir::ValueId x = g.input("x", kShape);
  g.output(g.relu(g.reshape(g.relu(g.reshape(x, {6})), {3, 2})));
  BuiltModel built(g);
  Loopback loopback;
  WithDelegates with{&loopback.table()};
  Plan plan = must(Plan::create(built.model, {}, with.options));
  EXPECT_EQ(owners(plan), (std::vector<int32_t>{-1, 0, 0, 0}));
  EXPECT_EQ(reason(plan, 0), "a view of an input: nothing to do");
}

TEST(Partitions, TheFirstDelegateThatClaimsAnOperatorHasIt) {
  Sandwich model;
  Loopback first, second;
  first.options().operators = "activation";
  WithDelegates with{&first.table(), &second.table()};
  Plan plan = must(Plan::create(model.built.model, {}, with.options));
  EXPECT_EQ(owners(plan), (std::vector<int32_t>{0, 1, -1, 2}));
  EXPECT_EQ(plan.partitions()[0].delegate, 0u);
  EXPECT_EQ(plan.partitions()[1].delegate, 1u);
  EXPECT_EQ(plan.partitions()[2].delegate, 0u);
  Session session = must(Session::create(plan));
  expect_equal(run_once(session, model.built.model, 1), on_cpu(model.built.model, 1));
  EXPECT_EQ(first.counts().sessions, 2);
  EXPECT_EQ(second.counts().sessions, 1);
}

TEST(Partitions, OfEveryEntryPoint) {
  GraphMaker a("a"), b("b");
  a.output(a.relu(a.softmax(a.input("x", kShape))));
  b.output(b.softmax(b.relu(b.input("x", kShape))));
  BuiltModel built({a.graph(), b.graph()});
  Loopback loopback;
  WithDelegates with{&loopback.table()};
  Plan plan = must(Plan::create(built.model, {}, with.options));
  EXPECT_EQ(owners(plan, 0), (std::vector<int32_t>{-1, 0}));
  EXPECT_EQ(owners(plan, 1), (std::vector<int32_t>{1, -1}));
  EXPECT_EQ(plan.partitions()[1].entry_point, 1u);
  Plan cpu = must(Plan::create(built.model));
  Session session = must(Session::create(plan)), expected = must(Session::create(cpu));
  for (uint32_t e : {1u, 0u, 1u}) {
    for (Session* s : {&session, &expected}) {
      write_random(*s, built.model, e, e + 7);
      ASSERT_TRUE(s->run(e).ok());
    }
    expect_equal(read_outputs(session, built.model, e), read_outputs(expected, built.model, e));
  }
}

TEST(Partitions, AResultReadOutsideIsAnOutputOfThePartition) {
  GraphMaker g;
  ir::ValueId x = g.input("x", kShape), y = g.relu(x), z = g.add(y, x);
  g.output(y);                      // of the graph, from the middle of the partition
  ir::ValueId soft = g.softmax(z);  // z is read on the CPU
  g.output(g.add(soft, g.relu(z)));
  BuiltModel built(g);
  Loopback loopback;
  WithDelegates with{&loopback.table()};
  Plan plan = must(Plan::create(built.model, {}, with.options));
  EXPECT_EQ(owners(plan), (std::vector<int32_t>{0, 0, -1, 1, 1}));
  Session session = must(Session::create(plan));
  expect_equal(run_once(session, built.model, 5), on_cpu(built.model, 5));
}

TEST(Partitions, AnotherInterfaceVersionIsRefused) {
  Sandwich model;
  Loopback loopback;
  loopback.table().abi_version = MOTE_DELEGATE_ABI + 1;
  WithDelegates with{&loopback.table()};
  Result<Plan> plan = Plan::create(model.built.model, {}, with.options);
  ASSERT_FALSE(plan.ok());
  EXPECT_EQ(plan.status().code, Code::delegate_abi);
}

TEST(Partitions, ATableThatLacksFunctionsIsRefused) {
  Sandwich model;
  Loopback loopback;
  WithDelegates with{&loopback.table()};
  loopback.table().struct_size = offsetof(mote_delegate, wait);
  EXPECT_EQ(Plan::create(model.built.model, {}, with.options).status().code, Code::delegate_abi);
  loopback.table().struct_size = sizeof(mote_delegate);
  loopback.table().run = nullptr;
  EXPECT_FALSE(Plan::create(model.built.model, {}, with.options).ok());
  WithDelegates none{nullptr};
  EXPECT_FALSE(Plan::create(model.built.model, {}, none.options).ok());
}

// Append-only: a delegate of an older build may end after the last required function.
TEST(Partitions, AnOlderTableWithoutOptionalFunctionsIsTaken) {
  Sandwich model;
  Loopback loopback;
  loopback.table().struct_size = offsetof(mote_delegate, sync_state);
  WithDelegates with{&loopback.table()};
  EXPECT_EQ(must(Plan::create(model.built.model, {}, with.options)).partitions().size, 2u);
}

TEST(Partitions, ADelegateWithoutReasonsDoesNoHarm) {
  Sandwich model;
  Loopback loopback;
  loopback.table().claim = [](void*, const mote_delegate_graph* g, mote_delegate_claim* claims) {
    for (uint32_t i = 0; i < g->operator_count; ++i) claims[i] = {0, nullptr, 0};
    return 0;
  };
  WithDelegates with{&loopback.table()};
  Plan plan = must(Plan::create(model.built.model, {}, with.options));
  EXPECT_NE(reason(plan, 0), "");
  loopback.table().query = [](void*, const char** why_not) {
    *why_not = nullptr;
    return int32_t{MOTE_DELEGATE_UNUSABLE};
  };
  Plan unusable = must(Plan::create(model.built.model, {}, with.options));
  EXPECT_NE(reason(unusable, 0), "");
}

TEST(Partitions, ReportsOnlyThoseThatRun) {
  Sandwich model;
  Loopback loopback;
  loopback.options().wrong_run = 0;  // the first partition's comparison
  WithDelegates with{&loopback.table()};
  Plan plan = must(Plan::create(model.built.model, {}, with.options));
  EXPECT_EQ(owners(plan), (std::vector<int32_t>{-1, -1, -1, 0}));
  ASSERT_EQ(plan.partitions().size, 1u);
  EXPECT_EQ(plan.partitions()[0].first_step, 3u);
  Session session = must(Session::create(plan));
  EXPECT_TRUE(session.partition_active(0));
  EXPECT_FALSE(session.partition_active(1));
  expect_equal(run_once(session, model.built.model, 2), on_cpu(model.built.model, 2));
}

}  // namespace
}  // namespace mote::test
