// Sums per channel over blocks of rows: a function of the shape alone, whatever the threads.
#pragma once

#include "ops/batch_norm/batch_norm.h"
#include "train/ops/bands.h"

namespace mote::batch_norm {

// Threads beyond this many find no block (kMaxThreads).
inline constexpr int64_t kMaxBlocks = 64;
// A block holds whole groups of rows (NUMERICS.md, 16.2).
inline constexpr int64_t kGroupRows = 64;

class Blocks {
 public:
  explicit Blocks(Rows n) : rows_(n.rows) {
    int64_t groups = ceil_div(n.rows, kGroupRows), most = limit(n.rows, n.channels);
    per_block_ = ceil_div(groups, most) * kGroupRows;
  }
  uint32_t count() const { return static_cast<uint32_t>(ceil_div(rows_, per_block_)); }
  Range range(int64_t block) const {
    int64_t begin = block * per_block_, left = rows_ - begin;
    return {begin, left < per_block_ ? rows_ : begin + per_block_};
  }
  int64_t size(int64_t block) const { return range(block).end - range(block).begin; }

  // Grows with both, so that it holds for every shape below.
  static int64_t limit(int64_t rows, int64_t channels) {
    int64_t groups = ceil_div(rows, kGroupRows);
    int64_t most = groups < kMaxBlocks ? groups : kMaxBlocks;
    int64_t worth = rows * channels / (kBandBytes / 4) + 1;
    return most < worth ? most : worth;
  }

 private:
  int64_t rows_, per_block_;
};

// The shared scratch: two sums in double per block and channel, then `vectors` of float32 per
// channel.
struct BlockSums {
  double *first, *second;  // [blocks][channels]
  float* vectors;          // [..][channels]
};
inline BlockSums block_sums(const KernelCall& call, Rows n) {
  auto* sums = reinterpret_cast<double*>(call.shared_scratch);
  int64_t each = Blocks(n).count() * n.channels;
  return {sums, sums + each, reinterpret_cast<float*>(sums + 2 * each)};
}
inline Status reserve_block_sums(PrepareContext& ctx, const TensorInfo& x, int64_t vectors) {
  int64_t channels = x.bounds.dims[x.bounds.rank - 1].max, rows = 1;
  for (int i = 0; i + 1 < x.bounds.rank; ++i) rows *= x.bounds.dims[i].max;
  auto bytes = static_cast<uint64_t>(channels) *
               static_cast<uint64_t>(Blocks::limit(rows, channels) * 16 + vectors * 4);
  if (bytes > SIZE_MAX) return error(Code::out_of_memory, 0, static_cast<int64_t>(bytes));
  ctx.shared_scratch_bytes = static_cast<size_t>(bytes);
  return {};
}

// Tiles of one tensor of whole rows.
inline Tiling row_tiling(Rows n) { return {n.rows, n.channels * 4, kBandBytes}; }

}  // namespace mote::batch_norm
