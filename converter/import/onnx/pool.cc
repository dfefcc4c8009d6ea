// MaxPool, AveragePool, GlobalMaxPool, GlobalAveragePool.
#include <algorithm>

#include "import/onnx/channels.h"
#include "import/onnx/float_steps.h"
#include "import/onnx/places.h"
#include "import/onnx/pool_indices.h"

namespace mote::onnx_import {
namespace {

// Of two dimensions, of x [n, h, w, c].
ir::ValueId pool_plane(NodeImport& c, uint16_t op, ir::ValueId x, const Places::Plane& h,
                       const Places::Plane& w, bool count_padding) {
  Pool2dAttrs a{};
  a.window_h = h.window;
  a.window_w = w.window;
  a.stride_h = h.stride;
  a.stride_w = w.stride;
  a.pad_top = h.before;
  a.pad_bottom = h.after;
  a.pad_left = w.before;
  a.pad_right = w.after;
  a.count_include_pad = count_padding;
  return c.build().node(op, a, {x}, Type::float32);
}

// Windows of three dimensions are windows of two and then of one, for the largest as for the mean:
// all windows along one dimension have the same numbers of places in the others.
ir::ValueId pool_volume(NodeImport& c, uint16_t op, ir::ValueId x, const Places& p,
                        bool count_padding) {
  ir::ValueId y = channels_last(c, x);
  if (c.failed()) return ir::kNone;
  auto dim = [&](ir::ValueId v, int i) { return size_of(c.shape(v).dims[i]); };
  const int32_t n = dim(y, 0), d = dim(y, 1), channels = dim(y, 4);
  for (int i = 1; i < 5; ++i) {
    if (dim(y, i) != -1) continue;
    c.error("pooling of three dimensions, of which one is dynamic", "make the sizes static");
    return ir::kNone;
  }
  y = reshaped(c, y, {-1, dim(y, 2), dim(y, 3), channels});
  y = pool_plane(c, op, y, p.plane(1), p.plane(2), count_padding);
  if (c.failed()) return ir::kNone;
  const int32_t oh = dim(y, 1), ow = dim(y, 2);
  if (int64_t{oh} * ow > INT32_MAX) {
    c.error("too many places");
    return ir::kNone;
  }
  y = reshaped(c, y, {-1, d, oh * ow, channels});
  y = pool_plane(c, op, y, p.plane(0), {1, 1, 1, 0, 0}, count_padding);
  if (c.failed()) return ir::kNone;
  y = reshaped(c, y, {n, dim(y, 1), oh, ow, channels});
  return channels_first(c, y, 5);
}

ir::ValueId pool(NodeImport& c, uint16_t op, ir::ValueId x, const Places& p, bool count_padding) {
  const int32_t rank = c.rank(x);
  if (rank == 5) return pool_volume(c, op, x, p, count_padding);
  ir::ValueId y = pool_plane(c, op, channels_last(c, x), p.height(), p.width(), count_padding);
  return c.failed() ? ir::kNone : channels_first(c, y, rank);
}

ir::ValueId padded(NodeImport& c, ir::ValueId x, const Places& p) {
  PadAttrs a{};
  a.count = c.rank(x);
  bool pads = false;
  for (size_t i = 0; i < p.count(); ++i) {
    a.before[i + 2] = p.before[i];
    a.after[i + 2] = p.after[i];
    pads = pads || p.before[i] != 0 || p.after[i] != 0;
  }
  return pads ? c.build().node(op_code::pad, a, {x}, c.type(x)) : x;
}

Places without_pads(Places p) {
  std::fill(p.before.begin(), p.before.end(), 0);
  p.after = p.before;
  return p;
}

// Places of the window as slices of the input, the largest of which is the result.
ir::ValueId dilated_max(NodeImport& c, ir::ValueId x, const Places& p) {
  ir::ValueId y = ir::kNone;
  for (ir::ValueId tap : window_taps(c, x, p))
    y = y == ir::kNone ? tap : binary(c, op_code::maximum, y, tap);
  return y;
}

bool any_above(const std::vector<int32_t>& list, int32_t limit) {
  return std::any_of(list.begin(), list.end(), [&](int32_t n) { return n > limit; });
}

std::optional<Places> pool_places(NodeImport& c, ir::ValueId x) {
  if (c.shape(x).rank > 5) {
    c.error("an input of rank " + std::to_string(c.rank(x)), "three dimensions are the limit");
    return std::nullopt;
  }
  return places(c, x, c.attr_ints("kernel_shape"));
}

void import_global_pool(NodeImport& c, int32_t kind) {
  ir::ValueId x = float_input(c, 0);
  if (c.failed()) return;
  std::vector<int32_t> axes;
  for (int32_t i = 2; i < c.rank(x); ++i) axes.push_back(i);
  define_like(c, 0, reduced(c, kind, x, axes), c.input(0));
}

}  // namespace

void import_max_pool(NodeImport& c) {
  ir::ValueId x = float_input(c, 0);
  if (c.failed()) return;
  auto p = pool_places(c, x);
  if (!p) return;
  ir::ValueId y = any_above(p->dilation, 1) ? dilated_max(c, x, *p)
                                            : pool(c, op_code::max_pool2d, x, *p, false);
  if (c.has_output(1) && !c.failed())
    c.define(1, largest_places(c, x, *p, c.attr_int("storage_order", 0) != 0));
  if (!c.failed()) define_like(c, 0, y, c.input(0));
}

void import_average_pool(NodeImport& c) {
  ir::ValueId x = float_input(c, 0);
  const bool count_padding = c.attr_int("count_include_pad", 0) != 0;
  if (c.failed()) return;
  auto p = pool_places(c, x);
  if (!p) return;
  if (any_above(p->dilation, 1))
    return c.error("an AveragePool with dilation", "only a dilation of 1 is supported");
  // What ceil_mode adds never counts, so that the padding becomes part of the input.
  const bool apart = count_padding && any_above(p->extra, 0);
  if (apart) x = padded(c, x, *p);
  ir::ValueId y = c.failed() ? ir::kNone
                  : apart    ? pool(c, op_code::avg_pool2d, x, without_pads(*p), false)
                             : pool(c, op_code::avg_pool2d, x, *p, count_padding);
  if (!c.failed()) define_like(c, 0, y, c.input(0));
}

void import_global_average_pool(NodeImport& c) { import_global_pool(c, kMoteReduceMean); }
void import_global_max_pool(NodeImport& c) { import_global_pool(c, kMoteReduceMax); }

}  // namespace mote::onnx_import
