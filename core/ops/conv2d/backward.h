// The geometry of convolutions read from their input: transpose_conv2d and the gradients.
#pragma once

#include "ops/conv2d/window.h"

namespace mote {

// Dimension `i` of operand `t` is static and of size `expected`.
inline Status check_dim(const TensorInfo& t, int32_t i, int64_t expected) {
  const Dim& d = t.bounds.dims[i];
  if (d.min != expected) return error(Code::operand_shape, expected, d.min);
  return d.max == expected ? Status{} : error(Code::operand_shape, expected, d.max);
}

// Of rank 4 and static; dimensions [first_term, last_term] make at most kMaxTerms.
inline Status check_conv_weights(const TensorInfo& w, int32_t first_term, int32_t last_term) {
  MOTE_TRY(check_rank(w, 4));
  int64_t terms = 1;
  for (int32_t i = 0; i < 4; ++i) {
    const Dim& d = w.bounds.dims[i];
    if (!d.is_static()) return error(Code::operand_shape, d.max, d.min);
    if (i < first_term || i > last_term) continue;
    if (d.max > kMaxTerms / terms) return error(Code::operand_shape, kMaxTerms / terms, d.max);
    terms *= d.max;
  }
  return {};
}

// [1, kh, kw, c * multiplier].
inline Status check_depthwise_weights(const TensorInfo& w, int32_t multiplier) {
  MOTE_TRY(check_conv_weights(w, 1, 2));
  MOTE_TRY(check_dim(w, 0, 1));
  int32_t outputs = w.bounds.dims[3].max;
  MOTE_TRY(check_attribute("multiplier", multiplier, 1, outputs));
  return outputs % multiplier == 0 ? Status{}
                                   : error(Code::shape_incompatible, outputs, multiplier);
}

// Sizes of `y` that the window yields for no size of `x` are refused; where both are static, the
// sizes of `y` are exact afterwards.
inline Status check_meets(Dim expected, Dim found) {
  bool meet = expected.min <= found.max && found.min <= expected.max;
  return meet ? Status{} : error(Code::shape_incompatible, expected.max, found.max);
}
template <class A>
Status check_conv_places(const A& a, const ShapeBounds& weights, const ShapeBounds& x,
                         const ShapeBounds& y) {
  Dim rows, columns;
  MOTE_TRY(window_dim(x.dims[1], a.pad_top + a.pad_bottom, weights.dims[1].max, a.stride_h,
                      a.dilation_h, &rows));
  MOTE_TRY(window_dim(x.dims[2], a.pad_left + a.pad_right, weights.dims[2].max, a.stride_w,
                      a.dilation_w, &columns));
  MOTE_TRY(check_meets(rows, y.dims[1]));
  return check_meets(columns, y.dims[2]);
}

// Of the convolution whose input is `x` and whose output is `y`.
template <class A>
ConvWindow backward_window(const A& a, const Shape& weights, const Shape& x, const Shape& y) {
  return {x.dims[0],    x.dims[1],       x.dims[2],       x.dims[3],  y.dims[1],
          y.dims[2],    weights.dims[1], weights.dims[2], a.stride_h, a.stride_w,
          a.dilation_h, a.dilation_w,    a.pad_top,       a.pad_left};
}

// The place along one axis whose tap at `offset` reads `position`; -1: none.
inline int64_t reading_place(int64_t position, int64_t offset, int32_t stride, int32_t places) {
  int64_t at = position - offset;
  if (at < 0 || at % stride != 0 || at / stride >= places) return -1;
  return at / stride;
}

// Calls visit(tap row, tap column, output place) for the taps that read one place of the input, in
// the order rows, columns.
template <class Visit>
void for_each_reader(const ConvWindow& w, int64_t input_place, Visit visit) {
  int64_t line = input_place / w.w, column = input_place % w.w;
  int64_t image = line / w.h, row = line % w.h;
  for (int32_t i = 0; i < w.kh; ++i) {
    int64_t y = reading_place(row + w.pad_top, int64_t{i} * w.dilation_h, w.stride_h, w.oh);
    if (y < 0) continue;
    for (int32_t j = 0; j < w.kw; ++j) {
      int64_t x = reading_place(column + w.pad_left, int64_t{j} * w.dilation_w, w.stride_w, w.ow);
      if (x >= 0) visit(i, j, (image * w.oh + y) * w.ow + x);
    }
  }
}

// Multiply-adds where `terms` channels meet each result in each tap, saturating.
inline int64_t backward_work(const ShapeBounds& results, const ShapeBounds& weights,
                             int64_t terms) {
  int64_t work = element_count(results).max;
  int64_t taps = int64_t{weights.dims[1].max} * weights.dims[2].max;
  return checked_mul(work, taps, &work) && checked_mul(work, terms, &work) ? work : INT64_MAX;
}

}  // namespace mote
