// Optimizers in a session: states change in place, and not at all when a gradient is not finite.
#include <cmath>
#include <limits>

#include "mote/platform.h"
#include "support/training_graph.h"

namespace mote::test {
namespace {

constexpr int32_t kSize = 9001;  // three tiles

using Floats = std::vector<float>;

// Every instruction set with one and with two threads.
template <class Test>
void for_all_plans(const BuiltModel& built, Test test) {
  OwnedThreadPool pool = must(OwnedThreadPool::create(2));
  for (int isa = 0; isa < static_cast<int>(Isa::count_); ++isa)
    for (uint32_t threads : {1u, 2u}) {
      if (!isa_available(static_cast<Isa>(isa))) continue;
      SCOPED_TRACE(std::string(isa_name(static_cast<Isa>(isa))) + ", threads " +
                   std::to_string(threads));
      PlanOptions options;
      options.isa = static_cast<Isa>(isa);
      options.threads = threads;
      Plan plan = must(Plan::create(built.model, {}, options));
      SessionOptions session_options;
      if (threads == 2) session_options.pool = pool.callbacks();
      Session session = must(Session::create(plan, session_options));
      test(session);
    }
}

TEST(Optimizers, UpdateTheirStates) {
  BuiltModel built({two_optimizers(kSize)});
  for_all_plans(built, [&](Session& session) {
    for (int step = 0; step < 2; ++step) {
      write(session, 0, 0, Floats(kSize, 2));
      write(session, 0, 1, Floats(kSize, -4));
      ASSERT_TRUE(session.run().ok());
    }
    // Velocities 2 and 3; 0.25 of each.
    EXPECT_EQ(read_state(session, built, "a/velocity"), Floats(kSize, 3));
    EXPECT_EQ(read_state(session, built, "a"), Floats(kSize, -1.25f));
    EXPECT_EQ(read_state(session, built, "b/m"), Floats(kSize, -3));
    EXPECT_EQ(read_state(session, built, "b/v"), Floats(kSize, 12));
    // The constant step is 1: corrections of 1/2 for -2, 8 and for -3, 12.
    float expected = 0.25f * (4 / 4.0f + 6 / std::sqrt(24.0f));
    for (float b : read_state(session, built, "b")) ASSERT_FLOAT_EQ(b, expected);
  });
}

TEST(Optimizers, ChangeNothingWhenAGradientIsNotFinite) {
  BuiltModel built({two_optimizers(kSize)});
  for_all_plans(built, [&](Session& session) {
    write(session, 0, 0, Floats(kSize, 2));
    write(session, 0, 1, Floats(kSize, 3));
    ASSERT_TRUE(session.run().ok());
    std::vector<const char*> names{"a", "a/velocity", "b", "b/m", "b/v"};
    std::vector<Floats> before;
    for (const char* name : names) before.push_back(read_state(session, built, name));
    // In the last gradient, so that the optimizer of the first could have run.
    for (float bad : {NAN, INFINITY, -INFINITY})
      for (int32_t at : {0, 4097, kSize - 1}) {
        write(session, 0, 0, Floats(kSize, 2));
        Floats gradient(kSize, std::numeric_limits<float>::max());
        gradient[static_cast<size_t>(at)] = bad;
        write(session, 0, 1, gradient);
        Status status = session.run();
        EXPECT_EQ(status.code, Code::data_not_finite);
        EXPECT_EQ(status.b, at);
        EXPECT_EQ(status.op_code, op_code::require_finite);
        EXPECT_NE(text_of(status).find("element " + std::to_string(at)), std::string::npos);
        for (size_t i = 0; i < names.size(); ++i)
          EXPECT_EQ(read_state(session, built, names[i]), before[i]) << names[i];
      }
  });
}

// In a hostile file any operand may be a view of a state; the result is still defined.
TEST(Optimizers, TakeViewsOfTheirOwnStates) {
  ShapeBounds shape = ir::shape_of({2});
  for (int viewed : {0, 1}) {
    GraphMaker g("train");
    g.input("unused", shape);
    ir::ValueId states[2] = {g.state("p", shape), g.state("v", shape)};
    ir::ValueId view = g.read_state(states[viewed]);
    ir::ValueId rate = g.constant("rate", ir::shape_of({1}), {0.5f});
    // Gradient, momentum and weight decay are the state.
    update(g, op_code::sgd, OptimizerAttrs{}, {states[0], states[1], view, rate, view});
    BuiltModel built(g);
    for_all_plans(built, [&](Session& session) {
      float p[2] = {2, 4}, v[2] = {8, 16};
      const float* hyper = viewed == 0 ? p : v;
      Floats expected_p, expected_v;
      for (int i = 0; i < 2; ++i) {
        expected_v.push_back(hyper[0] * v[i] + (hyper[i] + hyper[1] * p[i]));
        expected_p.push_back(p[i] - 0.5f * expected_v.back());
      }
      auto set = [&](const char* name, const float* values) {
        auto t = static_cast<uint32_t>(built.tensor(name));
        ASSERT_TRUE(session.write_state(t, {reinterpret_cast<const uint8_t*>(values), 8}).ok());
      };
      set("p", p);
      set("v", v);
      ASSERT_TRUE(session.run().ok());
      EXPECT_EQ(read_state(session, built, "v"), expected_v);
      EXPECT_EQ(read_state(session, built, "p"), expected_p);
    });
  }
}

}  // namespace
}  // namespace mote::test
