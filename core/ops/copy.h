// The kernel of operators whose output has the input's bytes.
#pragma once

#include <cstring>

#include "ops/tiles.h"

namespace mote {

inline uint32_t copy_tiles(const KernelCall& call) { return Tiling(call.out().bytes(), 1).count(); }

// Nothing to do where the plan made the output an alias of the input.
inline void copy_bytes(const KernelCall& call, uint32_t tile, uint32_t) {
  if (call.in(0).data == call.out().data) return;
  Range r = Tiling(call.out().bytes(), 1).range(tile);
  memcpy(call.out().as<uint8_t>() + r.begin, call.in(0).as<uint8_t>() + r.begin,
         static_cast<size_t>(r.end - r.begin));
}

}  // namespace mote
