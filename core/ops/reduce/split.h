// Few results of many terms: the terms are cut into parts, a function of the shape alone, whose
// sums are added afterwards in their order.
#pragma once

#include "ops/reduce/loops.h"
#include "ops/tiles.h"

namespace mote {

class ReduceSplit {
 public:
  // 64 KiB of partial sums, and no more parts than threads (kMaxThreads).
  static constexpr int64_t kMaxSums = 16384;
  static constexpr int64_t kMaxParts = 64;
  // Below this a part is not worth waking a thread.
  static constexpr int64_t kPartElements = 32768;

  explicit ReduceSplit(const ReduceLoops& loops)
      : by_line_(loops.lines() > loops.reduced_size),
        size_(by_line_ ? loops.lines() : loops.reduced_size) {
    int64_t most = kMaxSums / loops.outputs < kMaxParts ? kMaxSums / loops.outputs : kMaxParts;
    int64_t worth = loops.terms * loops.outputs / kPartElements;
    int64_t parts = most < worth ? most : worth;
    per_part_ = parts < 2 ? size_ : ceil_div(size_, parts);
  }
  static ReduceSplit whole(const ReduceLoops& loops) {
    ReduceSplit split(loops);
    split.per_part_ = split.size_;
    return split;
  }
  // 1: not split.
  int64_t parts() const { return ceil_div(size_, per_part_); }

  // Calls line(offset, terms) for the runs of a part that begin at `base`.
  template <class Line>
  void for_lines(const ReduceLoops& loops, int64_t part, int64_t base, Line&& line) const {
    int64_t begin = part * per_part_;
    int64_t end = size_ - begin < per_part_ ? size_ : begin + per_part_;
    if (by_line_) {
      for (int64_t i = begin; i < end; ++i)
        line(base + loops.reduced.offset(i), loops.reduced_size);
    } else {
      for (int64_t i = 0; i < loops.lines(); ++i)
        line(base + loops.reduced.offset(i) + begin * loops.reduced_stride, end - begin);
    }
  }

  // Partial sums for every shape with at most that many elements and results.
  static int64_t most_sums(int64_t elements, int64_t outputs) {
    if (elements / kPartElements < 2) return 0;
    return outputs < kMaxSums / kMaxParts ? outputs * kMaxParts : kMaxSums;
  }

 private:
  bool by_line_;
  int64_t size_, per_part_;
};

}  // namespace mote
