// Rows of the matrix that a convolution reads: taps in the order rows, columns, channels.
#pragma once

#include <cstring>

#include "base/conv_window.h"

namespace mote {

// Channels [channel, channel + channels) of each tap, converted by `copy`; padding is `pad`.
template <class From, class To>
struct Gather {
  const ConvWindow& window;
  const From* x;
  int32_t channel, channels;
  To pad;
  void (*copy)(const From* from, To* to, int64_t count);

  void fill(To* to, int64_t count) const {
    for (int64_t i = 0; i < count; ++i) to[i] = pad;
  }

  // One row of taps, all within the input row at `line`.
  void taps(const From* line, int64_t first, TapRange valid, To* to) const {
    fill(to, int64_t{valid.begin} * channels);
    fill(to + int64_t{valid.end} * channels, int64_t{window.kw - valid.end} * channels);
    to += int64_t{valid.begin} * channels;
    const From* from =
        line + (first + int64_t{valid.begin} * window.dilation_w) * window.c + channel;
    if (window.dilation_w == 1 && channels == window.c) {
      copy(from, to, int64_t{valid.end - valid.begin} * channels);
      return;
    }
    for (int32_t j = valid.begin; j < valid.end; ++j) {
      copy(from, to, channels);
      from += int64_t{window.dilation_w} * window.c;
      to += channels;
    }
  }

  void place(int64_t image, int32_t oy, int32_t ox, To* to) const {
    int64_t line_size = int64_t{window.w} * window.c;
    int64_t tap_row = int64_t{window.kw} * channels;
    int64_t first = window.first_column(ox);
    TapRange columns = valid_taps(first, window.w, window.kw, window.dilation_w);
    int64_t row = window.first_row(oy);
    for (int32_t i = 0; i < window.kh; ++i, row += window.dilation_h, to += tap_row) {
      if (row < 0 || row >= window.h || columns.begin == columns.end)
        fill(to, tap_row);
      else
        taps(x + (image * window.h + row) * line_size, first, columns, to);
    }
  }

  // Places [begin, end) to rows of `stride` elements.
  void places(int64_t begin, int64_t end, To* to, int64_t stride) const {
    auto ox = static_cast<int32_t>(begin % window.ow);
    int64_t line = begin / window.ow;
    auto oy = static_cast<int32_t>(line % window.oh);
    int64_t image = line / window.oh;
    for (int64_t p = begin; p < end; ++p, to += stride) {
      place(image, oy, ox, to);
      if (++ox < window.ow) continue;
      ox = 0;
      if (++oy < window.oh) continue;
      oy = 0;
      ++image;
    }
  }

  void pointwise(int64_t begin, int64_t end, To* to, int64_t stride) const {
    const From* from = x + begin * window.c + channel;
    if (stride == window.c && channels == window.c) {
      copy(from, to, (end - begin) * stride);
      return;
    }
    for (int64_t p = begin; p < end; ++p, to += stride, from += window.c) copy(from, to, channels);
  }
};

}  // namespace mote
