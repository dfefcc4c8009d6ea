// The geometry of conv2d and depthwise_conv2d: attributes, taps and current shapes.
#pragma once

#include "base/conv_window.h"
#include "ops/check.h"
#include "ops/weighted.h"

namespace mote {

// Attributes of NUMERICS.md 1.4 that both operators have.
template <class A>
Status check_conv_window(const A& a) {
  MOTE_TRY(check_attribute("stride_h", a.stride_h, 1, 65535));
  MOTE_TRY(check_attribute("stride_w", a.stride_w, 1, 65535));
  MOTE_TRY(check_attribute("dilation_h", a.dilation_h, 1, 65535));
  MOTE_TRY(check_attribute("dilation_w", a.dilation_w, 1, 65535));
  MOTE_TRY(check_attribute("pad_top", a.pad_top, 0, 65535));
  MOTE_TRY(check_attribute("pad_left", a.pad_left, 0, 65535));
  MOTE_TRY(check_attribute("pad_bottom", a.pad_bottom, 0, 65535));
  MOTE_TRY(check_attribute("pad_right", a.pad_right, 0, 65535));
  return check_activation(a.activation);
}

template <class A, class Table>
void read_conv_window(const Table& in, A& out) {
  out.stride_h = in.stride_h();
  out.stride_w = in.stride_w();
  out.dilation_h = in.dilation_h();
  out.dilation_w = in.dilation_w();
  out.pad_top = in.pad_top();
  out.pad_left = in.pad_left();
  out.pad_bottom = in.pad_bottom();
  out.pad_right = in.pad_right();
  out.activation = static_cast<int32_t>(in.activation());
}

// [n, oh, ow, channels]; rows and columns of taps are dimensions 1 and 2 of the weights.
template <class A>
Status conv_shape(const OpView& v, const A& a, int32_t channels, const ShapeBounds& x,
                  ShapeBounds* out) {
  out->rank = 4;
  out->dims[0] = x.dims[0];
  MOTE_TRY(window_dim(x.dims[1], a.pad_top + a.pad_bottom, weights_dim(v, 1), a.stride_h,
                      a.dilation_h, &out->dims[1]));
  MOTE_TRY(window_dim(x.dims[2], a.pad_left + a.pad_right, weights_dim(v, 2), a.stride_w,
                      a.dilation_w, &out->dims[2]));
  out->dims[3] = {channels, channels};
  return {};
}

template <class A>
ConvWindow conv_window(const OpView& v, const Shape& x, const Shape& y) {
  const A& a = v.attributes<A>();
  return {x.dims[0],    x.dims[1],         x.dims[2],         x.dims[3],  y.dims[1],
          y.dims[2],    weights_dim(v, 1), weights_dim(v, 2), a.stride_h, a.stride_w,
          a.dilation_h, a.dilation_w,      a.pad_top,         a.pad_left};
}
template <class A>
ConvWindow conv_window(const KernelCall& call) {
  return conv_window<A>(*call.view, call.in(0).shape, call.out().shape);
}

// Calls f(output place, first row, valid rows, first column, valid columns, image) for the places
// [begin, end).
template <class Visit>
void for_each_place(const ConvWindow& w, PlaceRange r, Visit visit) {
  for (int64_t p = r.begin; p < r.end; ++p) {
    int64_t line = p / w.ow;
    int64_t row = w.first_row(static_cast<int32_t>(line % w.oh));
    int64_t column = w.first_column(static_cast<int32_t>(p % w.ow));
    visit(p, line / w.oh, row, valid_taps(row, w.h, w.kh, w.dilation_h), column,
          valid_taps(column, w.w, w.kw, w.dilation_w));
  }
}

}  // namespace mote
