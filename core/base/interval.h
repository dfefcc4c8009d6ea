// Shape arithmetic on intervals; exact where the bounds are equal. Sound: every shape within the
// operands' bounds yields a shape within the result's.
#pragma once

#include "base/checked.h"
#include "mote/status.h"

namespace mote {

inline constexpr int64_t kMaxDim = INT32_MAX;

// A dimension from 64-bit bounds. Errors: shape_empty, shape_too_large.
inline Status make_dim(int64_t min, int64_t max, Dim* out) {
  if (max < 1) return error(Code::shape_empty, 1, max);
  if (max > kMaxDim) return error(Code::shape_too_large, kMaxDim, max);
  *out = {static_cast<int32_t>(min < 1 ? 1 : min), static_cast<int32_t>(max)};
  return {};
}

// floor((in + pad - window') / stride) + 1 with window' = (window - 1) * dilation + 1.
inline Status window_dim(Dim in, int32_t pad, int32_t window, int32_t stride, int32_t dilation,
                         Dim* out) {
  int64_t extent = (int64_t{window} - 1) * dilation + 1;
  auto count = [&](int64_t n) {
    int64_t space = n + pad - extent;
    return space < 0 ? 0 : space / stride + 1;
  };
  return make_dim(count(in.min), count(in.max), out);
}

// Broadcasting: equal, or one of them 1. For intervals: whether some pair of sizes fits.
inline Status broadcast_dim(Dim a, Dim b, Dim* out) {
  bool a_one = a.min == 1, b_one = b.min == 1;
  bool meet = a.min <= b.max && b.min <= a.max;
  if (!meet && !a_one && !b_one) return error(Code::shape_incompatible, a.max, b.max);
  out->min = a.min > b.min ? a.min : b.min;
  out->max = a.max > b.max ? a.max : b.max;
  return {};
}

// NumPy's broadcasting of two shapes, aligned at the last dimension.
inline Status broadcast_shapes(const ShapeBounds& a, const ShapeBounds& b, ShapeBounds* out) {
  out->rank = a.rank > b.rank ? a.rank : b.rank;
  for (int i = 1; i <= out->rank; ++i) {
    Dim x = i <= a.rank ? a.dims[a.rank - i] : Dim{};
    Dim y = i <= b.rank ? b.dims[b.rank - i] : Dim{};
    MOTE_TRY(broadcast_dim(x, y, &out->dims[out->rank - i]));
  }
  return {};
}

// The product of all dimensions as an interval; saturates at INT64_MAX.
struct Count {
  int64_t min = 1;
  int64_t max = 1;
};
inline Count element_count(const ShapeBounds& shape) {
  Count n;
  for (int i = 0; i < shape.rank; ++i) {
    if (!checked_mul(n.min, shape.dims[i].min, &n.min)) n.min = INT64_MAX;
    if (!checked_mul(n.max, shape.dims[i].max, &n.max)) n.max = INT64_MAX;
  }
  return n;
}

}  // namespace mote
