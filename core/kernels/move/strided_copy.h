// Copies a box of elements from one strided layout to another: transpose, slices.
#pragma once

#include "mote/types.h"

namespace mote {

// Loops from the outermost to the innermost; strides in bytes, any sign.
struct StridedBox {
  int32_t rank = 0;
  int64_t sizes[kMaxRank] = {};
  int64_t in[kMaxRank] = {};
  int64_t out[kMaxRank] = {};

  void add(int64_t size, int64_t in_stride, int64_t out_stride) {
    sizes[rank] = size;
    in[rank] = in_stride;
    out[rank++] = out_stride;
  }
};

// A box in its simplest form, cut into `units` that may be copied in any order.
struct CopyPlan {
  enum Method { kContiguous, kStrided, kPanel };  // of the innermost loops
  StridedBox box;
  int64_t width = 1;  // bytes that move together: 1, 2, 4 or 8
  Method method = kStrided;
  int64_t piece = 1;   // elements of the cut loop in a unit
  int64_t pieces = 1;  // of the cut loop
  int64_t units = 1;
  int64_t unit_bytes = 1;  // about

  // The loop that is cut: the last, and in a panel the one before.
  int32_t cut() const { return box.rank - (method == kPanel ? 2 : 1); }
};

CopyPlan plan_copy(const StridedBox& box, int64_t element_bytes);

// `in` and `out` are the addresses of the box's first element; they do not overlap.
void copy_units(const CopyPlan& plan, const uint8_t* in, uint8_t* out, int64_t begin, int64_t end);

}  // namespace mote
