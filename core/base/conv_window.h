// The geometry of a convolution over NHWC activations.
#pragma once

#include "base/checked.h"

namespace mote {

struct ConvWindow {
  int64_t n;
  int32_t h, w, c;  // input
  int32_t oh, ow;   // output places
  int32_t kh, kw;   // taps
  int32_t stride_h, stride_w;
  int32_t dilation_h, dilation_w;
  int32_t pad_top, pad_left;

  int64_t places() const { return n * oh * ow; }
  int64_t first_row(int32_t y) const { return int64_t{y} * stride_h - pad_top; }
  int64_t first_column(int32_t x) const { return int64_t{x} * stride_w - pad_left; }
};

// Taps [begin, end) of a window that starts at `first` and lie within [0, size).
struct TapRange {
  int32_t begin, end;
};
inline TapRange valid_taps(int64_t first, int32_t size, int32_t taps, int32_t dilation) {
  if (first >= 0 && first + int64_t{taps - 1} * dilation < size) return {0, taps};
  int64_t begin = first >= 0 ? 0 : ceil_div(-first, dilation);
  int64_t end = first >= size ? 0 : ceil_div(size - first, dilation);
  if (end > taps) end = taps;
  if (begin >= end) return {0, 0};
  return {static_cast<int32_t>(begin), static_cast<int32_t>(end)};
}

}  // namespace mote
