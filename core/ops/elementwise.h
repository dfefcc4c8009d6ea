// Fixed pieces for elementwise operators, so that any number of workers can share one.
#pragma once

#include "base/checked.h"
#include "ops/operator.h"

namespace mote {

// 16 KiB of float32: half of a first-level cache.
inline constexpr int64_t kElementwiseTile = 4096;

inline uint32_t elementwise_tiles(const KernelCall& call) {
  return static_cast<uint32_t>(ceil_div(call.out().elements(), kElementwiseTile));
}

struct Range {
  int64_t begin, end;
};
inline Range elementwise_range(const KernelCall& call, uint32_t tile) {
  int64_t begin = tile * kElementwiseTile, n = call.out().elements();
  return {begin, begin + kElementwiseTile < n ? begin + kElementwiseTile : n};
}

// The same for `rows` that must stay whole, of `row` elements each.
inline int64_t rows_per_tile(int64_t row) {
  return row < kElementwiseTile ? kElementwiseTile / row : 1;
}
inline uint32_t row_tiles(int64_t rows, int64_t row) {
  return static_cast<uint32_t>(ceil_div(rows, rows_per_tile(row)));
}
inline Range row_range(int64_t rows, int64_t row, uint32_t tile) {
  int64_t per_tile = rows_per_tile(row), begin = tile * per_tile;
  return {begin, begin + per_tile < rows ? begin + per_tile : rows};
}

}  // namespace mote
