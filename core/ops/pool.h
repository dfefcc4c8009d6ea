// What max_pool2d and avg_pool2d share: attributes, shapes, and the walk over windows.
#pragma once

#include "kernels/window/pool.h"
#include "mote_generated.h"
#include "ops/activation_range.h"
#include "ops/check.h"
#include "ops/op_codes.h"
#include "ops/pool_attributes.h"
#include "ops/tiles.h"

namespace mote::pool {

Status read(const void* table, void* attrs);
Status check(const OpView& v);
Status check_attributes(const Pool2dAttrs& a);
Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out);
int64_t work(const OpView& v);
Status prepare_s8(PrepareContext& ctx);  // PoolS8Params
uint32_t tiles(const KernelCall& call);

// Rows (n, y) of the output that belong to a tile.
Range tile_rows(const KernelCall& call, uint32_t tile);

// Valid taps of one dimension: [begin, end) of the input.
inline Range valid_taps(int64_t out, int32_t stride, int32_t pad, int32_t window, int64_t size) {
  int64_t begin = out * stride - pad, end = begin + window;
  return {begin < 0 ? 0 : begin, end > size ? size : end};
}

// Calls visit(x, window, y) for every window of the tile.
template <class T, class Visit>
void for_each_window(const KernelCall& call, uint32_t tile, Visit&& visit) {
  const auto& a = call.attributes<Pool2dAttrs>();
  const Tensor &in = call.in(0), &out = call.out();
  const int64_t height = in.dim(1), width = in.dim(2), channels = in.dim(3);
  Range rows = tile_rows(call, tile);
  T* y = out.as<T>() + rows.begin * out.dim(2) * channels;
  for (int64_t row = rows.begin; row < rows.end; ++row) {
    Range r = valid_taps(row % out.dim(1), a.stride_h, a.pad_top, a.window_h, height);
    const T* line = in.as<T>() + (row / out.dim(1) * height + r.begin) * width * channels;
    for (int32_t column = 0; column < out.dim(2); ++column, y += channels) {
      Range c = valid_taps(column, a.stride_w, a.pad_left, a.window_w, width);
      PoolWindow w = {width * channels, channels, static_cast<int32_t>(r.end - r.begin),
                      static_cast<int32_t>(c.end - c.begin)};
      visit(line + c.begin * channels, w, y);
    }
  }
}

// d of (3.9) and (3.11).
inline int32_t divisor(const Pool2dAttrs& a, const PoolWindow& w) {
  return a.count_include_pad != 0 ? a.window_h * a.window_w : w.rows * w.columns;
}

// Calls tap(value) for the taps of one channel in the order rows, columns.
template <class T, class Tap>
void for_each_tap(const T* x, const PoolWindow& w, Tap&& tap) {
  for (int32_t i = 0; i < w.rows; ++i)
    for (int32_t j = 0; j < w.columns; ++j) tap(x[i * w.row_stride + j * w.channels]);
}

constexpr Operator make_operator(uint16_t code, const char* name, Span<const Kernel> kernels) {
  return {.code = code,
          .name = name,
          .attributes_kind = static_cast<uint8_t>(file::Attributes::Pool2d),
          .attributes_bytes = sizeof(Pool2dAttrs),
          .read = read,
          .check = check,
          .shape = shape,
          .work = work,
          .kernels = kernels};
}

}  // namespace mote::pool
