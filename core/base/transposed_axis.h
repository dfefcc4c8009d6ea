// One axis of a convolution read from its input: which taps of the window lie over a place.
#pragma once

#include "base/conv_window.h"

namespace mote {

// The places remainder + stride * q of the input. Place q lies under output q - pad + m * dilation
// with tap first + (taps - 1 - m) * step, for m < taps; no other tap of any output reaches it.
struct TransposedAxis {
  int32_t remainder, first, step, taps, dilation, pad;
};

// Strides above this make too many classes of places, and windows above this extent are outside
// the axis' numbers.
inline constexpr int32_t kMaxTransposedStride = 64;
inline constexpr int64_t kMaxTransposedExtent = 1 << 30;
inline bool can_transpose_axis(int32_t taps, int32_t stride, int32_t dilation) {
  return stride <= kMaxTransposedStride && int64_t{taps} * dilation <= kMaxTransposedExtent;
}

// Tap i of place r reads at y where r + pad - i * dilation = stride * y: i mod step is fixed.
inline TransposedAxis transposed_axis(int32_t remainder, int32_t taps, int32_t stride,
                                      int32_t dilation, int32_t pad) {
  int32_t common = stride, rest = dilation;  // their greatest common divisor
  while (rest != 0) {
    int32_t next = common % rest;
    common = rest;
    rest = next;
  }
  TransposedAxis a = {remainder, 0, stride / common, 0, dilation / common, 0};
  int64_t start = int64_t{remainder} + pad;
  while (a.first < a.step && (start - int64_t{a.first} * dilation) % stride != 0) ++a.first;
  if (a.first == a.step || a.first >= taps) return a;
  a.taps = (taps - 1 - a.first) / a.step + 1;
  int64_t base = (start - int64_t{a.first} * dilation) / stride;
  a.pad = static_cast<int32_t>(int64_t{a.taps - 1} * a.dilation - base);
  return a;
}

// How many places of the class an input of this size has.
inline int32_t class_size(int32_t size, int32_t remainder, int32_t stride) {
  return remainder < size ? (size - remainder - 1) / stride + 1 : 0;
}

}  // namespace mote
