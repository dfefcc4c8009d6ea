// Ranges of integers: start, start + delta, ... before limit. In unsigned arithmetic: every element
// lies between start and limit, but distances of int64 need a bit more, and double rounds.
#pragma once

#include <cstdint>

namespace mote {

// Their number; `delta` is not 0.
inline uint64_t series_length(int64_t start, int64_t limit, int64_t delta) {
  const bool is_up = delta > 0;
  if (is_up ? limit <= start : limit >= start) return 0;
  const uint64_t from = static_cast<uint64_t>(start), to = static_cast<uint64_t>(limit);
  const uint64_t step = static_cast<uint64_t>(delta);
  return is_up ? (to - from - 1) / step + 1 : (from - to - 1) / (0 - step) + 1;
}

inline int64_t series_element(int64_t start, int64_t delta, uint64_t i) {
  return static_cast<int64_t>(static_cast<uint64_t>(start) + i * static_cast<uint64_t>(delta));
}

}  // namespace mote
