// Pieces of about equal work, for operators that move or fold many elements per result.
#pragma once

#include "base/checked.h"
#include "ops/elementwise.h"

namespace mote {

// Half of a first-level cache on each side of a copy.
inline constexpr int64_t kTileBytes = 32768;

// `units` independent units of `unit_work` bytes each; a tile holds whole units.
class Tiling {
 public:
  Tiling(int64_t units, int64_t unit_work, int64_t tile_work = kTileBytes) : units_(units) {
    per_tile_ = unit_work < tile_work ? tile_work / (unit_work < 1 ? 1 : unit_work) : 1;
    // The number of tiles is 32-bit.
    constexpr int64_t kMaxTiles = int64_t{1} << 30;
    int64_t least = (units - 1) / kMaxTiles + 1;
    if (per_tile_ < least) per_tile_ = least;
  }
  uint32_t count() const { return static_cast<uint32_t>((units_ - 1) / per_tile_ + 1); }
  Range range(uint32_t tile) const {
    int64_t begin = tile * per_tile_;
    return {begin, units_ - begin < per_tile_ ? units_ : begin + per_tile_};
  }

 private:
  int64_t units_;
  int64_t per_tile_;
};

}  // namespace mote
