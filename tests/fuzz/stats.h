// How far the executions of a fuzz target came; written when the program ends.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "exercise.h"

namespace mote::test {

class FuzzStats {
 public:
  // The file that MOTE_FUZZ_STATS names, or none, gets one line: executions and how many reached
  // each stage.
  static void count(Reached reached) {
    static FuzzStats stats;
    for (int stage = 0; stage <= static_cast<int>(reached); ++stage) ++stats.reached_[stage];
  }

 private:
  FuzzStats() = default;
  ~FuzzStats() {
    char line[160];
    snprintf(line, sizeof line, "executions %llu loaded %llu planned %llu session %llu run %llu\n",
             reached_[0], reached_[1], reached_[2], reached_[3], reached_[4]);
    fputs(line, stderr);
    const char* path = getenv("MOTE_FUZZ_STATS");
    if (path == nullptr) return;
    if (FILE* file = fopen(path, "w")) {
      fputs(line, file);
      fclose(file);
    }
  }
  unsigned long long reached_[5] = {};
};

}  // namespace mote::test
