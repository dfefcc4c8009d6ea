// What is kept of a tensor's values while calibration data run: the range that its int8 values
// must cover. One observer, one file; the table stands in observers.cc.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "mote/types.h"

namespace mote {

// Empty (nothing seen) while min > max.
struct ValueRange {
  float min = __builtin_huge_valf();
  float max = -__builtin_huge_valf();

  bool empty() const { return min > max; }
  void include(float v) {
    min = v < min ? v : min;
    max = v > max ? v : max;
  }
  void include(const ValueRange& other) {
    min = other.min < min ? other.min : min;
    max = other.max > max ? other.max : max;
  }
};

// The smallest and the largest of finite values.
ValueRange range_of(Span<const float> values);

class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;

  // The finite values of one run, not empty.
  virtual void observe(Span<const float> values) = 0;
  // Some 32 samples were seen since the last call, whatever number of runs they took.
  virtual void end_batch() {}
  virtual ValueRange range() const = 0;
};

struct ObserverRow {
  const char* name;  // what `--observer` takes
  std::unique_ptr<Observer> (*make)();
};
Span<const ObserverRow> observers();
// Null when there is none of that name.
const ObserverRow* find_observer(const std::string& name);
// "min_max, moving_average".
std::string observer_names();

std::unique_ptr<Observer> make_min_max();
std::unique_ptr<Observer> make_moving_average();

}  // namespace mote
