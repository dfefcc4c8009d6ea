// Wall time since construction.
#pragma once

#include <time.h>

namespace mote::tool {

class Clock {
 public:
  Clock() { clock_gettime(CLOCK_MONOTONIC, &start_); }
  double microseconds() const {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<double>(now.tv_sec - start_.tv_sec) * 1e6 +
           static_cast<double>(now.tv_nsec - start_.tv_nsec) * 1e-3;
  }

 private:
  timespec start_;
};

}  // namespace mote::tool
