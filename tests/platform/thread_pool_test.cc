// The pool calls every tile once, whatever the number of threads, and files map or say why not.
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "mote/platform.h"

namespace mote {
namespace {

struct Tally {
  std::vector<uint32_t> calls;
  std::vector<uint64_t> per_worker = std::vector<uint64_t>(kMaxThreads);

  static void add(void* argument, uint32_t i, uint32_t worker) {
    auto& tally = *static_cast<Tally*>(argument);
    ++tally.calls[i];
    ++tally.per_worker[worker];
  }
};

class ThreadPoolTest : public testing::TestWithParam<uint32_t> {};

TEST_P(ThreadPoolTest, CallsEveryTileOnceAndUsesOnlyItsWorkers) {
  Result<OwnedThreadPool> pool = OwnedThreadPool::create(GetParam());
  ASSERT_TRUE(pool.ok());
  const ThreadPool callbacks = pool->callbacks();
  ASSERT_EQ(callbacks.threads, GetParam());
  for (uint32_t loop = 0; loop < 2000; ++loop) {
    const uint32_t count = loop % 97;
    // Some loops find the workers asleep, the others find them spinning.
    if (loop % 500 == 0) usleep(2000);
    Tally tally;
    tally.calls.resize(count);
    callbacks.parallel_for(callbacks.context, count, Tally::add, &tally);
    ASSERT_EQ(tally.calls, std::vector<uint32_t>(count, 1));
    for (uint32_t worker = GetParam(); worker < kMaxThreads; ++worker) {
      ASSERT_EQ(tally.per_worker[worker], 0u);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Threads, ThreadPoolTest, testing::Values(1, 2, 3, 8, kMaxThreads));

TEST(ThreadPool, RefusesCountsOutsideOneToTheLimit) {
  EXPECT_EQ(OwnedThreadPool::create(0).status().code, Code::invalid_argument);
  EXPECT_EQ(OwnedThreadPool::create(kMaxThreads + 1).status().code, Code::too_many_threads);
}

TEST(ThreadPool, AnEmptyObjectHasOneThread) {
  EXPECT_EQ(OwnedThreadPool().callbacks().threads, 1u);
}

TEST(MappedFile, NamesWhatIsNoFile) {
  EXPECT_EQ(MappedFile::open("/nonexistent/model.mote").status().code, Code::file_not_found);
  EXPECT_EQ(MappedFile::open("/").status().code, Code::io_error);
  EXPECT_EQ(MappedFile::open("/dev/null").status().code, Code::io_error);
  EXPECT_EQ(MappedFile::open(nullptr).status().code, Code::invalid_argument);
}

TEST(MappedFile, AnEmptyFileHasNoBytes) {
  std::string path = testing::TempDir() + "mote_empty_XXXXXX";
  const int descriptor = mkstemp(path.data());
  ASSERT_GE(descriptor, 0);
  close(descriptor);
  const Result<MappedFile> file = MappedFile::open(path.c_str());
  unlink(path.c_str());
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE(file.value().bytes().empty());
}

}  // namespace
}  // namespace mote
