// Sums of equal vectors in a fixed tree: neighbours, then neighbours of those.
#pragma once

#include <cstdint>

namespace mote {

// out[i] = the sum of parts[p * stride + i] for i in [begin, end); destroys them.
inline void tree_sum(float* parts, int64_t count, int64_t stride, int64_t begin, int64_t end,
                     float* out) {
  for (int64_t step = 1; step < count; step *= 2)
    for (int64_t p = 0; p + step < count; p += 2 * step) {
      float* to = parts + p * stride;
      const float* from = to + step * stride;
      for (int64_t i = begin; i < end; ++i) to[i] += from[i];
    }
  for (int64_t i = begin; i < end; ++i) out[i] = parts[i];
}

}  // namespace mote
