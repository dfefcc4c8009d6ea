// Lines of output places, and the places of a line that read the same taps.
#pragma once

#include "base/conv_window.h"

namespace mote {

// Output elements of a piece: long enough to be handed out, short enough that small maps share.
inline constexpr int64_t kPieceElements = 1 << 14;

inline int64_t lines_per_piece(const ConvWindow& w) {
  int64_t lines = kPieceElements / (int64_t{w.ow} * w.c);
  return lines < 1 ? 1 : lines;
}

// An output line: its input image, and the valid rows of taps.
template <class T>
struct Line {
  const ConvWindow& window;
  const T* image;
  int64_t first_row;
  TapRange rows;

  const T* tap(int32_t i, int64_t column) const {
    int64_t row = first_row + int64_t{i} * window.dilation_h;
    return image + (row * window.w + column) * window.c;
  }
};
template <class T>
Line<T> line_at(const ConvWindow& w, const T* x, int64_t index) {
  int64_t first = w.first_row(static_cast<int32_t>(index % w.oh));
  return {w, x + index / w.oh * w.h * w.w * w.c, first, valid_taps(first, w.h, w.kh, w.dilation_h)};
}

// Columns [begin, end) of the output whose taps are all valid.
struct Interior {
  int64_t begin, end;
};
inline Interior interior_columns(const ConvWindow& w) {
  int64_t begin = w.pad_left > 0 ? ceil_div(w.pad_left, w.stride_w) : 0;
  int64_t space = int64_t{w.w} + w.pad_left - 1 - int64_t{w.kw - 1} * w.dilation_w;
  int64_t end = space < 0 ? 0 : space / w.stride_w + 1;
  if (end > w.ow) end = w.ow;
  return begin < end ? Interior{begin, end} : Interior{w.ow, w.ow};
}

// Calls run(first column, places) for single border places and for the interior at once.
template <class Run>
void for_each_run(const ConvWindow& w, Run run) {
  Interior inner = interior_columns(w);
  for (int64_t ox = 0; ox < inner.begin; ++ox) run(ox, 1);
  if (inner.begin < inner.end) run(inner.begin, static_cast<int32_t>(inner.end - inner.begin));
  for (int64_t ox = inner.end; ox < w.ow; ++ox) run(ox, 1);
}

}  // namespace mote
