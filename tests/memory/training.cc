// A training step allocates nothing, also when it fails.
#include <cmath>

#include "memory/count_calls.h"
#include "memory/training_model.h"
#include "mote/platform.h"
#include "support/training_graph.h"

namespace mote::test {
namespace {

TEST(Heap, IsNotTouchedByOptimizers) {
  constexpr int32_t kSize = 9001;
  BuiltModel built({two_optimizers(kSize)});
  std::vector<float> finite(kSize, 2), bad(kSize, 2);
  bad[kSize - 1] = NAN;
  for (uint32_t threads : {1u, 2u}) {
    OwnedThreadPool pool = must(OwnedThreadPool::create(threads));
    PlanOptions options;
    options.threads = threads;
    Plan plan = must(Plan::create(built.model, {}, options));
    SessionOptions session_options;
    session_options.pool = pool.callbacks();
    Session session = must(Session::create(plan, session_options));
    Status ran[2], failed, written[2];
    start_counting();
    for (Status& status : ran) {
      written[0] = session.write_float(0, 0, {finite.data(), finite.size()});
      written[1] = session.write_float(0, 1, {finite.data(), finite.size()});
      status = session.run();
    }
    written[1] = session.write_float(0, 1, {bad.data(), bad.size()});
    failed = session.run();
    long calls = stop_counting();
    EXPECT_EQ(calls, 0) << threads << " threads";
    EXPECT_TRUE(written[0].ok() && written[1].ok() && ran[0].ok() && ran[1].ok());
    EXPECT_EQ(failed.code, Code::data_not_finite);
    EXPECT_NE(read_state(session, built, "a"), std::vector<float>(kSize, 0));
  }
}

// Also the derive graphs that follow a step.
TEST(Heap, IsNotTouchedByTrainingSteps) {
  TrainingModel net;
  for (uint32_t threads : {1u, 2u}) {
    OwnedThreadPool pool = must(OwnedThreadPool::create(threads));
    PlanOptions options;
    options.threads = threads;
    Plan plan = must(Plan::create(net.model, {}, options));
    SessionOptions session_options;
    session_options.pool = pool.callbacks();
    Session session = must(Session::create(plan, session_options));
    Status ran[4];
    start_counting();
    for (int i = 0; i < 4; ++i) {
      uint32_t entry = i % 2 == 0 ? net.train : net.infer;
      TrainingModel::fill(session, net.model, entry);
      ran[i] = session.run(entry);
    }
    long calls = stop_counting();
    EXPECT_EQ(calls, 0) << threads << " threads";
    for (const Status& status : ran) EXPECT_TRUE(status.ok()) << text_of(status);
  }
}

}  // namespace
}  // namespace mote::test
