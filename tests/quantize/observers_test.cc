#include <gtest/gtest.h>

#include "quantize/observers/observer.h"

namespace mote::test {
namespace {

ValueRange seen(const char* name, const std::vector<std::vector<float>>& runs) {
  std::unique_ptr<Observer> observer = find_observer(name)->make();
  for (const std::vector<float>& run : runs) {
    observer->observe({run.data(), run.size()});
    observer->end_batch();
  }
  return observer->range();
}

TEST(Observers, MinMaxKeepsTheExtremesOfAllRuns) {
  ValueRange range = seen("min_max", {{1, -2, 0.5f}, {3}, {-1}});
  EXPECT_EQ(range.min, -2);
  EXPECT_EQ(range.max, 3);
}

TEST(Observers, MovingAverageStartsAtTheFirstRun) {
  ValueRange range = seen("moving_average", {{-4, 4}});
  EXPECT_EQ(range.min, -4);
  EXPECT_EQ(range.max, 4);
}

TEST(Observers, MovingAverageMovesByOneTenth) {
  // 2 + 0.1 * (12 - 2) = 3, then 3 + 0.1 * (3 - 3); 0 + 0.1 * -1.
  ValueRange range = seen("moving_average", {{0, 2}, {0, 12}, {-1, 3}});
  EXPECT_NEAR(range.max, 3, 1e-6);
  EXPECT_NEAR(range.min, -0.1, 1e-6);
}

TEST(Observers, MovingAverageTakesTheRunsOfABatchTogether) {
  std::unique_ptr<Observer> observer = find_observer("moving_average")->make();
  const float kFirst[] = {0, 5}, kSecond[] = {-1, 1};
  observer->observe(kFirst);
  observer->observe(kSecond);
  observer->end_batch();
  observer->end_batch();  // nothing new
  EXPECT_EQ(observer->range().min, -1);
  EXPECT_EQ(observer->range().max, 5);
}

TEST(Observers, NothingSeenIsAnEmptyRange) {
  for (const ObserverRow& row : observers()) EXPECT_TRUE(row.make()->range().empty()) << row.name;
}

TEST(Observers, AreFoundByNameAlone) {
  for (const ObserverRow& row : observers()) EXPECT_EQ(find_observer(row.name), &row);
  EXPECT_EQ(find_observer("median"), nullptr);
  EXPECT_EQ(observer_names(), "min_max, moving_average");
}

}  // namespace
}  // namespace mote::test
