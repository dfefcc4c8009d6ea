// Control flow: branches, loops and calls in the plan and at run.
#include "base/arch.h"
#include "core/control_graphs.h"
#include "ir/evaluator.h"
#include "mote/platform.h"
#include "ops/operator.h"

namespace mote::test {
namespace {

const ShapeBounds kOne = ir::shape_of({1}), kFour = ir::shape_of({4});

// x doubled while the counter is below `end`, at most `max_steps` times.
BuiltModel doubling(float end, int32_t max_steps) {
  GraphMaker body("body");
  ir::ValueId counter = body.input("counter", kOne), x = body.input("x", kFour);
  body.output(plus_one(body, counter));
  body.output(body.add(x, x));
  GraphMaker maker;
  ir::ValueId begin = maker.constant("begin", kOne, {0}), y = maker.input("y", kFour);
  auto results = call_graphs(maker, op_code::while_loop, max_steps, {begin, y},
                             {counter_below(end, {kFour}), body.graph()}, {kOne, kFour});
  maker.output(results[1]);
  return BuiltModel(maker);
}

TEST(Loop, RepeatsItsBodyWhileTheConditionHolds) {
  BuiltModel m = doubling(3, 10);
  Plan plan = must(Plan::create(m.model));
  Session session = must(Session::create(plan));
  write(session, 0, 0, {1, 2, 3, -4});
  ASSERT_TRUE(session.run().ok());
  EXPECT_EQ(read(session, 0, 0), (std::vector<float>{8, 16, 24, -32}));
}

TEST(Loop, OfNoStepGivesItsOperands) {
  BuiltModel m = doubling(0, 10);
  Plan plan = must(Plan::create(m.model));
  Session session = must(Session::create(plan));
  write(session, 0, 0, {1, 2, 3, -4});
  ASSERT_TRUE(session.run().ok());
  EXPECT_EQ(read(session, 0, 0), (std::vector<float>{1, 2, 3, -4}));
}

TEST(Loop, AsLongAsItsLimitIsAllowed) {
  BuiltModel m = doubling(5, 5);
  Plan plan = must(Plan::create(m.model));
  Session session = must(Session::create(plan));
  write(session, 0, 0, {1, 1, 1, 1});
  EXPECT_TRUE(session.run().ok());
}

TEST(Loop, FailsAtTheFilesLimit) {
  BuiltModel m = doubling(6, 5);
  Plan plan = must(Plan::create(m.model));
  Session session = must(Session::create(plan));
  write(session, 0, 0, {1, 1, 1, 1});
  Status s = session.run();
  EXPECT_EQ(s.code, Code::step_limit) << text_of(s);
  EXPECT_EQ(s.a, 5);
}

TEST(Loop, FailsAtTheSessionsLimit) {
  BuiltModel m = doubling(6, 100);
  Plan plan = must(Plan::create(m.model));
  SessionOptions options;
  options.max_loop_steps = 2;
  Session session = must(Session::create(plan, options));
  write(session, 0, 0, {1, 1, 1, 1});
  EXPECT_EQ(session.run().code, Code::step_limit);
}

// A loop that only its limit ends, of views alone: it has no operator that would ask for itself.
TEST(Loop, CanBeCancelledWithoutEnd) {
  GraphMaker condition("condition");
  condition.input("x", kOne);
  ir::ValueId yes = condition.graph().add_constant<uint8_t>("yes", Type::boolean, kOne, {1});
  condition.output(condition.node(op_code::reshape, ReshapeAttrs{}, {yes}, {}, Type::boolean));
  GraphMaker body("body");
  body.output(body.reshape(body.input("x", kOne), {1}));
  GraphMaker maker;
  maker.output(call_graphs(maker, op_code::while_loop, 1 << 20, {maker.input("x", kOne)},
                           {condition.graph(), body.graph()}, {kOne})[0]);
  BuiltModel m(maker);
  Plan plan = must(Plan::create(m.model));
  int polls = 0;
  SessionOptions options;
  options.cancel = {&polls, [](void* context) { return ++*static_cast<int*>(context) > 100; }};
  Session session = must(Session::create(plan, options));
  write(session, 0, 0, {1});
  EXPECT_EQ(session.run().code, Code::cancelled);
}

// No copy, and no memory but that of the state: its successor is computed in its place.
TEST(Loop, ComputesItsStateInPlace) {
  BuiltModel m = doubling(3, 10);
  Plan plan = must(Plan::create(m.model));
  uint64_t vectors = 0;
  for (const PlannedBuffer& b : plan.buffers()) vectors += b.bytes == 16 ? 1 : 0;
  EXPECT_EQ(vectors, 2u) << "the input, which stays as it is, and the state";
}

TEST(Branches, OneOfTwoRuns) {
  GraphMaker positive("then"), negative("else");
  positive.output(positive.relu(positive.input("x", kFour)));
  ir::ValueId x = negative.input("x", kFour);
  negative.output(negative.add(x, x));
  GraphMaker maker;
  ir::ValueId condition = maker.input("condition", {}, Type::boolean);
  ir::ValueId operand = maker.input("operand", kFour);
  maker.output(call_graphs(maker, op_code::if_else, 0, {condition, operand},
                           {positive.graph(), negative.graph()}, {kFour})[0]);
  BuiltModel m(maker);
  Plan plan = must(Plan::create(m.model));
  Session session = must(Session::create(plan));
  for (bool yes : {true, false, true}) {
    *must(session.input(0, 0)).data = yes ? 1 : 0;
    write(session, 0, 1, {1, -2, 3, -4});
    ASSERT_TRUE(session.run().ok());
    std::vector<float> expected = {1, 0, 3, 0};
    if (!yes) expected = {2, -4, 6, -8};
    EXPECT_EQ(read(session, 0, 0), expected);
  }
}

// Branches never run both: what one needs, the other may use.
TEST(Branches, ShareTheirMemory) {
  const ShapeBounds large = ir::shape_of({1000});
  auto branch = [&](const char* name) {
    GraphMaker maker(name);
    ir::ValueId x = maker.input("x", large);
    maker.output(maker.add(maker.softmax(maker.softmax(x)), x));
    return maker.graph();
  };
  GraphMaker maker;
  ir::ValueId condition = maker.input("condition", kOne, Type::boolean);
  ir::ValueId x = maker.input("x", large);
  maker.output(call_graphs(maker, op_code::if_else, 0, {condition, x},
                           {branch("then"), branch("else")}, {large})[0]);
  BuiltModel m(maker);
  Plan plan = must(Plan::create(m.model));
  // The operand, the result, and one of the two values in between.
  EXPECT_LE(plan.report().arena_bytes, 3 * (4096u + kRedZone) + 64);
}

TEST(Branches, MustYieldTheShapesAtHand) {
  ShapeBounds dynamic = kFour;
  dynamic.dims[0].min = 1;
  GraphMaker same("then"), other("else");
  same.output(same.relu(same.input("x", dynamic)));
  other.output(other.softmax(other.input("x", dynamic)));
  GraphMaker maker;
  ir::ValueId condition = maker.input("condition", kOne, Type::boolean);
  ir::ValueId x = maker.input("x", dynamic);
  maker.output(call_graphs(maker, op_code::if_else, 0, {condition, x},
                           {same.graph(), other.graph()}, {dynamic})[0]);
  BuiltModel m(maker);
  Plan plan = must(Plan::create(m.model));
  Session session = must(Session::create(plan));
  Shape two;
  two.rank = 1;
  two.dims[0] = 2;
  ASSERT_TRUE(session.set_shape(0, 1, two).ok());
  EXPECT_EQ(must(session.output_shape(0, 0)).dims[0], 2);
  *must(session.input(0, 0)).data = 1;
  write(session, 0, 1, {-1, 2});
  ASSERT_TRUE(session.run().ok());
  EXPECT_EQ(read(session, 0, 0), (std::vector<float>{0, 2}));
}

bool overlap(const PlannedBuffer& a, const PlannedBuffer& b) {
  bool time = a.first_step <= b.last_step && b.first_step <= a.last_step;
  return time && a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
}

void expect_no_overlap(const Plan& plan) {
  Span<const PlannedBuffer> buffers = plan.buffers();
  for (size_t i = 0; i < buffers.size; ++i)
    for (size_t k = 0; k < i; ++k) ASSERT_FALSE(overlap(buffers[i], buffers[k]));
}

struct Random : testing::TestWithParam<uint32_t> {};

// Against the evaluator, in an arena full of another run's remains.
TEST_P(Random, ProgramsGiveWhatTheEvaluatorGives) {
  constexpr int kInputs = 2, kOutputs = 3;
  ir::Graph graph = RandomProgram(GetParam()).make("infer", kInputs, kOutputs, 3);
  BuiltModel m(std::vector<ir::Graph>{graph});
  std::vector<std::vector<float>> inputs = {{1, -2, 3, -4}, {-0.5, 0.25, 2, 8}};
  std::vector<Evaluated> given;
  for (const std::vector<float>& x : inputs) {
    auto* bytes = reinterpret_cast<const uint8_t*>(x.data());
    given.push_back({kFour.max(), ir::Bytes(bytes, bytes + 16)});
  }
  Diagnostics diagnostics;
  std::vector<Evaluated> expected = evaluate(graph, given, diagnostics);
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  for (bool preserve : {false, true}) {
    PlanOptions options;
    options.preserve_inputs = preserve;
    options.reference_only = true;
    Plan plan = must(Plan::create(m.model, {}, options));
    expect_no_overlap(plan);
    EXPECT_LE(plan.report().arena_bytes,
              plan.report().peak_live_bytes + (64 + kRedZone) * plan.buffers().size);
    AlignedBytes arena(std::vector<uint8_t>(plan.report().arena_bytes, 0xCD));
    SessionOptions session_options;
    session_options.arena = {arena.data(), arena.size()};
    Session session = must(Session::create(plan, session_options));
    for (int round = 0; round < 2; ++round) {
      // Sanitizer builds poison what no live tensor owns instead.
      if (kRedZone == 0) memset(arena.data(), 0xA5 + round, arena.size());
      for (uint32_t i = 0; i < kInputs; ++i) write(session, 0, i, inputs[i]);
      ASSERT_TRUE(session.run().ok());
      for (uint32_t i = 0; i < kOutputs; ++i) {
        std::vector<float> got = read(session, 0, i);
        EXPECT_EQ(memcmp(got.data(), expected[i].bytes.data(), 16), 0) << "output " << i;
      }
    }
    if (!preserve) continue;
    for (uint32_t i = 0; i < kInputs; ++i)
      EXPECT_EQ(memcmp(must(session.input(0, i)).data, inputs[i].data(), 16), 0) << "input " << i;
  }
}

TEST_P(Random, ProgramsRunInTheCallersMemory) {
  ir::Graph graph = RandomProgram(GetParam()).make("infer", 2, 3, 3);
  BuiltModel m(std::vector<ir::Graph>{graph});
  Plan plan = must(Plan::create(m.model));
  Session inside = must(Session::create(plan)), outside = must(Session::create(plan));
  const float x[2][4] = {{1, -2, 3, -4}, {-0.5, 0.25, 2, 8}};
  float y[3][4] = {};
  for (uint32_t i = 0; i < 2; ++i) {
    write(inside, 0, i, std::vector<float>(x[i], x[i] + 4));
    auto* bytes = reinterpret_cast<const uint8_t*>(x[i]);
    ASSERT_TRUE(outside.bind_input(0, i, {bytes, 16}).ok());
  }
  for (uint32_t i = 0; i < 3; ++i)
    ASSERT_TRUE(outside.bind_output(0, i, {reinterpret_cast<uint8_t*>(y[i]), 16}).ok());
  ASSERT_TRUE(inside.run().ok());
  ASSERT_TRUE(outside.run().ok());
  for (uint32_t i = 0; i < 3; ++i) EXPECT_EQ(memcmp(read(inside, 0, i).data(), y[i], 16), 0);
  EXPECT_EQ(x[0][1], -2) << "inputs are never written";
}

// Vectors of several tiles, so that the threads share each operator.
TEST_P(Random, ProgramsGiveTheSameWithSeveralThreads) {
  constexpr int32_t kSize = 9001;
  BuiltModel m(std::vector<ir::Graph>{RandomProgram(GetParam(), kSize).make("infer", 2, 3, 2)});
  std::vector<float> x(kSize);
  for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i % 89) * 0.03f - 1;
  std::vector<std::vector<float>> first;
  for (uint32_t threads : {1u, 2u, 4u}) {
    OwnedThreadPool pool = must(OwnedThreadPool::create(threads));
    PlanOptions options;
    options.threads = threads;
    Plan plan = must(Plan::create(m.model, {}, options));
    SessionOptions session_options;
    session_options.pool = pool.callbacks();
    Session session = must(Session::create(plan, session_options));
    for (uint32_t i = 0; i < 2; ++i) write(session, 0, i, x);
    ASSERT_TRUE(session.run().ok());
    for (uint32_t i = 0; i < 3; ++i) {
      std::vector<float> y = read(session, 0, i);
      if (threads == 1) first.push_back(y);
      ASSERT_EQ(memcmp(y.data(), first[i].data(), kSize * sizeof(float)), 0)
          << "output " << i << ", " << threads << " threads";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Random, testing::Range(0u, 200u));

}  // namespace
}  // namespace mote::test
