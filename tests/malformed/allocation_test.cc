// Every allocation of loading, planning and making a session fails in turn: out_of_memory, nothing
// leaked, and the next attempt works.
#include <gtest/gtest.h>

#include "exact_bytes.h"
#include "exercise.h"
#include "mote/train.h"
#include "small_models.h"

namespace mote::test {
namespace {

// Runs `make` with call 0, 1, 2 ... failing, until it succeeds.
template <class Make>
size_t fail_every_call(CountingAllocator& allocator, bool all_after, Make make) {
  size_t before = allocator.live_blocks(), before_bytes = allocator.live_bytes();
  for (size_t n = 0;; ++n) {
    allocator.fail_at(n, all_after);
    Status s = make();
    EXPECT_EQ(allocator.live_blocks(), before) << "call " << n;
    EXPECT_EQ(allocator.live_bytes(), before_bytes) << "call " << n;
    bool failed = allocator.calls() > n;
    EXPECT_EQ(s.code, failed ? Code::out_of_memory : Code::ok) << "call " << n;
    if (!failed || testing::Test::HasFailure()) return n;
  }
}

class Allocations : public testing::TestWithParam<std::tuple<size_t, bool>> {
 protected:
  ExactBytes file_{write_file(std::get<0>(GetParam()) == 0 ? classifier() : dynamic_batch())};
  bool all_after_ = std::get<1>(GetParam());
  CountingAllocator allocator_;

  Result<Model> load(StructureMemory memory = StructureMemory::copy) {
    LoadOptions options;
    options.structure = memory;
    options.allocator = allocator_.callbacks();
    return Model::load(file_.span(), training_operators(), options);
  }
  Result<Plan> plan(const Model& model) {
    PlanOptions options;
    options.allocator = allocator_.callbacks();
    return Plan::create(model, {}, options);
  }
};

TEST_P(Allocations, OfLoadFail) {
  for (StructureMemory memory : {StructureMemory::copy, StructureMemory::in_place}) {
    size_t calls = fail_every_call(allocator_, all_after_, [&] { return load(memory).status(); });
    EXPECT_GT(calls, 5u);
  }
}

TEST_P(Allocations, OfPlanFail) {
  Result<Model> model = load();
  ASSERT_TRUE(model.ok());
  size_t calls =
      fail_every_call(allocator_, all_after_, [&] { return plan(model.value()).status(); });
  EXPECT_GT(calls, 5u);
}

TEST_P(Allocations, OfSessionFail) {
  Result<Model> model = load();
  ASSERT_TRUE(model.ok());
  Result<Plan> made = plan(model.value());
  ASSERT_TRUE(made.ok());
  SessionOptions options;
  options.allocator = allocator_.callbacks();
  size_t calls = fail_every_call(allocator_, all_after_,
                                 [&] { return Session::create(made.value(), options).status(); });
  EXPECT_GT(calls, 1u);
}

INSTANTIATE_TEST_SUITE_P(Files, Allocations,
                         testing::Combine(testing::Range<size_t>(0, 2), testing::Bool()));

}  // namespace
}  // namespace mote::test
