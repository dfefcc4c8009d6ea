// What the gradients of max_pool2d and avg_pool2d share: operands and the walk over windows.
#pragma once

#include <cstring>

#include "ops/movement.h"
#include "ops/pool.h"
#include "train/ops/bands.h"
#include "train/ops/grad_window.h"

namespace mote::pool {

// `x`, `dy`: their places among the inputs. float32 of rank 4; nothing is fused.
inline Status check_grad(const OpView& v, size_t x, size_t dy) {
  const auto& a = v.attributes<Pool2dAttrs>();
  MOTE_TRY(check_attributes(a));
  MOTE_TRY(check_attribute("activation", a.activation, kMoteActivationNone, kMoteActivationNone));
  MOTE_TRY(check_all_f32(v));
  MOTE_TRY(check_rank(v.in(x), 4));
  return check_rank(v.in(dy), 4);
}

// The result has the shape of x; dy that of the pooled x.
inline Status grad_shape(const OpView& v, ShapeBounds x, const ShapeBounds& dy,
                         Span<ShapeBounds> out) {
  ShapeBounds pooled;
  MOTE_TRY(shape(v, {&x, 1}, {&pooled, 1}));
  if (dy.rank != 4) return error(Code::operand_rank, 4, dy.rank);
  Dim common;
  for (int i = 0; i < 4; ++i) MOTE_TRY(equal_dims(pooled.dims[i], dy.dims[i], &common));
  out[0] = x;
  return {};
}

// Rows of dx in units of stride_h, so that windows that do not overlap are not split.
struct GradBands {
  int64_t height, row;  // rows of an image; elements of a row
  int64_t per_image;    // units
  Tiling tiling;
};
inline GradBands grad_bands(const KernelCall& call) {
  const auto& a = call.attributes<Pool2dAttrs>();
  const Tensor& dx = call.out();
  int64_t height = dx.dim(1), row = int64_t{dx.dim(2)} * dx.dim(3);
  int64_t per_image = ceil_div(height + a.pad_top, a.stride_h);
  int64_t row_bytes = row * static_cast<int64_t>(type_bytes(dx.type()));
  int64_t unit_rows = a.stride_h < height ? a.stride_h : height;
  // Not below the window: windows across a border are looked at twice.
  int64_t window_rows = a.window_h < height ? a.window_h : height;
  int64_t bytes = window_rows * row_bytes;
  return {height, row, per_image,
          Tiling(dx.dim(0) * per_image, unit_rows * row_bytes,
                 bytes > kBandBytes ? bytes : kBandBytes)};
}
inline uint32_t grad_tiles(const KernelCall& call) { return grad_bands(call).tiling.count(); }

// Rows [band) of an image, zeroed, and the windows that meet them in row-major order:
// visit(GradWindow, dy).
template <class T, class Visit>
void for_band_windows(const KernelCall& call, const Tensor& dy, int64_t image, Range band,
                      Visit&& visit) {
  const auto& a = call.attributes<Pool2dAttrs>();
  const Tensor& dx = call.out();
  const int64_t height = dx.dim(1), width = dx.dim(2), channels = dx.dim(3);
  const int64_t row = width * channels, origin = image * height * row;
  memset(dx.as<T>() + origin + band.begin * row, 0,
         static_cast<size_t>((band.end - band.begin) * row) * sizeof(T));
  int64_t above = band.begin + a.pad_top - a.window_h;
  int64_t o = above < 0 ? 0 : above / a.stride_h + 1;
  int64_t last = (band.end - 1 + a.pad_top) / a.stride_h;
  for (; o <= last && o < dy.dim(1); ++o) {
    Range r = valid_taps(o, a.stride_h, a.pad_top, a.window_h, height);
    int64_t first = band.begin > r.begin ? band.begin - r.begin : 0;
    int64_t end = (band.end < r.end ? band.end : r.end) - r.begin;
    const T* from = dy.as<T>() + (image * dy.dim(1) + o) * dy.dim(2) * channels;
    for (int64_t column = 0; column < dy.dim(2); ++column, from += channels) {
      Range c = valid_taps(column, a.stride_w, a.pad_left, a.window_w, width);
      GradWindow w = {{row, channels, static_cast<int32_t>(r.end - r.begin),
                       static_cast<int32_t>(c.end - c.begin)},
                      origin + r.begin * row + c.begin * channels,
                      static_cast<int32_t>(first),
                      static_cast<int32_t>(end)};
      visit(w, from);
    }
  }
}

// The windows of a tile.
template <class T, class Visit>
void for_grad_windows(const KernelCall& call, const Tensor& dy, uint32_t tile, Visit&& visit) {
  const auto& a = call.attributes<Pool2dAttrs>();
  GradBands bands = grad_bands(call);
  for_each_segment(bands.tiling.range(tile), bands.per_image, [&](int64_t image, Range units) {
    int64_t begin = units.begin * a.stride_h - a.pad_top, end = units.end * a.stride_h - a.pad_top;
    Range band = {begin < 0 ? 0 : begin, end > bands.height ? bands.height : end};
    if (band.begin < band.end) for_band_windows<T>(call, dy, image, band, visit);
  });
}

constexpr Operator make_grad_operator(uint16_t code, const char* name, uint8_t shape_inputs,
                                      Status (*check_operands)(const OpView&),
                                      Status (*grad)(const OpView&, Span<const ShapeBounds>,
                                                     Span<ShapeBounds>),
                                      Span<const Kernel> kernels) {
  return {.code = code,
          .name = name,
          .attributes_kind = static_cast<uint8_t>(file::Attributes::Pool2d),
          .attributes_bytes = sizeof(Pool2dAttrs),
          .min_inputs = 2,
          .max_inputs = 2,
          .shape_inputs = shape_inputs,
          .read = read,
          .check = check_operands,
          .shape = grad,
          .work = work,
          .kernels = kernels};
}

}  // namespace mote::pool
