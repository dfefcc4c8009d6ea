// Whatever happens to the device, results are right and states are kept.
#include <cstdlib>
#include <thread>

#include "delegate/loopback_device.h"

namespace mote::test {
namespace {

const ShapeBounds kShape = ir::shape_of({2, 3});

// Two partitions around softmax and a state that sums up: y = relu(softmax(relu(s + x) + x)).
GraphMaker running_sum() {
  GraphMaker g;
  ir::ValueId x = g.input("x", kShape), state = g.state("sum", kShape);
  ir::ValueId sum = g.add(g.read_state(state), x);
  g.output(g.relu(g.softmax(g.add(g.relu(sum), x))));
  g.assign_state(state, sum);
  return g;
}

struct Fallback : testing::Test {
  Plan make() { return must(Plan::create(built.model, {}, with.options)); }
  std::vector<uint8_t> state(const Session& s) const {
    std::vector<uint8_t> bytes(24);
    auto tensor = static_cast<uint32_t>(built.tensor("sum"));
    EXPECT_TRUE(s.read_state(tensor, {bytes.data(), bytes.size()}).ok());
    return bytes;
  }
  // `runs` runs beside a session of the CPU alone: outputs and states equal.
  void expect_like_cpu(Session& session, int runs) {
    Plan cpu = must(Plan::create(built.model));
    Session expected = must(Session::create(cpu));
    for (int i = 0; i < runs; ++i) {
      SCOPED_TRACE("run " + std::to_string(i));
      auto seed = static_cast<uint32_t>(i);
      expect_equal(run_once(session, built.model, seed), run_once(expected, built.model, seed));
      expect_equal(state(session), state(expected));
    }
  }
  GraphMaker graph = running_sum();
  BuiltModel built{graph};
  Loopback loopback;
  WithDelegates with{&loopback.table()};
};

TEST_F(Fallback, WithoutAFailureTheDelegateComputes) {
  Plan plan = make();
  ASSERT_EQ(plan.partitions().size, 2u);
  int64_t before = loopback.counts().runs;
  Session session = must(Session::create(plan));
  expect_like_cpu(session, 5);
  EXPECT_EQ(loopback.counts().runs, before + 10);
}

TEST_F(Fallback, AfterALossAtEveryRunResultsAndStatesStayRight) {
  Plan plan = make();
  for (int32_t in_wait : {0, 1}) {
    for (int k = 0; k < 7; ++k) {
      SCOPED_TRACE(std::to_string(k) + (in_wait != 0 ? ", in wait" : ", in run"));
      loopback.options().lost_run = -1;
      Session session = must(Session::create(plan));
      int64_t before = loopback.counts().runs;
      loopback.options().lost_in_wait = in_wait;
      loopback.options().lost_run = before + k;
      expect_like_cpu(session, 5);
      EXPECT_FALSE(session.partition_active(0));
      EXPECT_FALSE(session.partition_active(1));
      // Each partition asked a lost device once and never again.
      EXPECT_EQ(loopback.counts().runs, before + k + 2);
    }
  }
}

TEST_F(Fallback, OnePartitionLostLeavesTheOther) {
  Plan plan = make();
  Session session = must(Session::create(plan));
  loopback.options().lost_run = loopback.counts().runs;
  write_random(session, built.model, 0, 1);
  // The device comes back after its first refusal.
  static mote_loopback_options* options = nullptr;
  options = &loopback.options();
  std::vector<std::string> messages;
  with.options.logger = {&messages, [](void* context, const char* text) {
                           options->lost_run = -1;
                           static_cast<std::vector<std::string>*>(context)->emplace_back(text);
                         }};
  Plan logged = make();
  EXPECT_EQ(logged.partitions().size, 1u);
  loopback.options().lost_run = -1;
  Plan whole = make();
  Session other = must(Session::create(whole));
  messages.clear();
  loopback.options().lost_run = loopback.counts().runs;
  expect_like_cpu(other, 3);
  EXPECT_FALSE(other.partition_active(0));
  EXPECT_TRUE(other.partition_active(1));
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_NE(messages[0].find("lost"), std::string::npos);
}

TEST_F(Fallback, WhenThePlanCannotBeCompiled) {
  loopback.options().fail_plan_create = 1;
  Plan plan = make();
  EXPECT_EQ(plan.partitions().size, 0u);
  EXPECT_STREQ(plan.steps(0)[1].reason, "the delegate could not compile the partition");
  Session session = must(Session::create(plan));
  expect_like_cpu(session, 3);
}

TEST_F(Fallback, WhenNoSessionCanBeCreated) {
  Plan plan = make();
  loopback.options().fail_session_create = 1;
  Session session = must(Session::create(plan));
  EXPECT_FALSE(session.partition_active(0));
  expect_like_cpu(session, 3);
  EXPECT_EQ(loopback.counts().sessions, 0);
}

TEST_F(Fallback, WhenTheShapeIsRefused) {
  Plan plan = make();
  loopback.options().fail_set_shape = 1;
  Session session = must(Session::create(plan));
  EXPECT_FALSE(session.partition_active(0));
  expect_like_cpu(session, 3);
}

// An allocator that fails at one call.
struct FailingAllocator {
  int calls_left;
  Allocator table() {
    return {this,
            [](void* context, size_t bytes, size_t alignment) -> void* {
              if (--static_cast<FailingAllocator*>(context)->calls_left < 0) return nullptr;
              return std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
            },
            [](void*, void* memory, size_t) { std::free(memory); }};
  }
};

TEST_F(Fallback, WhenTheHostHasNoMemoryNothingOfTheDelegateStays) {
  Plan plan = make();
  for (int calls = 0;; ++calls) {
    FailingAllocator allocator{calls};
    with.options.allocator = allocator.table();
    Result<Plan> short_plan = Plan::create(built.model, {}, with.options);
    EXPECT_EQ(loopback.counts().sessions, 0);
    if (short_plan.ok()) break;
    EXPECT_EQ(short_plan.status().code, Code::out_of_memory);
    EXPECT_EQ(loopback.counts().plans, 2);  // those of `plan`
  }
  for (int calls = 0;; ++calls) {
    FailingAllocator allocator{calls};
    SessionOptions options;
    options.allocator = allocator.table();
    Result<Session> session = Session::create(plan, options);
    if (session.ok()) break;
    EXPECT_EQ(session.status().code, Code::out_of_memory);
    EXPECT_EQ(loopback.counts().sessions, 0);
  }
}

// Several sessions on one plan, from threads of their own; the device is lost on the way.
TEST_F(Fallback, SessionsOfOnePlanRunInThreads) {
  Plan plan = make();
  for (int64_t lost_after : {-1, 9}) {
    loopback.options().lost_run = lost_after < 0 ? -1 : loopback.counts().runs + lost_after;
    std::vector<Session> sessions;
    for (int i = 0; i < 3; ++i) sessions.push_back(must(Session::create(plan)));
    std::vector<std::thread> threads;
    for (Session& s : sessions) threads.emplace_back([&] { expect_like_cpu(s, 10); });
    for (std::thread& t : threads) t.join();
  }
}

}  // namespace
}  // namespace mote::test
