// ConvTranspose.
#include <algorithm>

#include "import/onnx/channels.h"
#include "import/onnx/conv.h"
#include "import/onnx/float_steps.h"
#include "ir/op_view.h"

namespace mote::onnx_import {
namespace {

// What one dimension of a transposed convolution cuts off at its ends, and what is added behind.
struct Cut {
  int64_t before = 0, after = 0, extra = 0;
};

// The cut that gives `size` places (of output_shape) or the input's size times the stride.
bool cut_to(NodeImport& c, Dim in, int64_t stride, int64_t extent, int64_t size, bool upper,
            Cut* cut) {
  int64_t total = extent - stride;
  if (size > 0) {
    if (!in.is_static()) {
      c.error("output_shape with an input of dynamic size", "make the input's sizes static");
      return false;
    }
    total = (int64_t{in.max} - 1) * stride + extent - size;
  }
  cut->extra += std::max<int64_t>(-total, 0);
  total = std::max<int64_t>(total, 0);
  cut->before = upper ? total / 2 : total - total / 2;
  cut->after = total - cut->before;
  return true;
}

std::optional<std::vector<Cut>> cuts(NodeImport& c, const ShapeBounds& x, const Places& p) {
  const size_t count = p.count();
  auto padding = place_list(c, "output_padding", count, 0, 0);
  std::vector<int64_t> size = c.attr_ints("output_shape");
  const std::string automatic = c.attr_string("auto_pad", "NOTSET");
  if (!padding || c.failed()) return std::nullopt;
  // Some exporters give batch and channels too.
  if (size.size() == count + 2) size.erase(size.begin(), size.begin() + 2);
  const bool sized = !size.empty();
  if ((sized && size.size() != count) ||
      !std::all_of(size.begin(), size.end(), [](int64_t n) { return n >= 1 && n <= INT32_MAX; })) {
    c.error("output_shape does not fit the input");
    return std::nullopt;
  }
  std::vector<Cut> out(count);
  for (size_t i = 0; i < count; ++i) {
    // The last window's extent with what is added behind it.
    const int64_t extent = int64_t{p.window[i] - 1} * p.dilation[i] + 1 + (*padding)[i];
    out[i].extra = (*padding)[i];
    if (sized || automatic == "SAME_UPPER" || automatic == "SAME_LOWER") {
      if (!cut_to(c, x.dims[i + 2], p.stride[i], extent, sized ? size[i] : 0,
                  automatic == "SAME_UPPER", &out[i]))
        return std::nullopt;
    } else {
      out[i].before = p.before[i];
      out[i].after = p.after[i];
    }
    // What is cut off behind is not added first.
    const int64_t both = std::min(out[i].after, out[i].extra);
    out[i].after -= both;
    out[i].extra -= both;
    if (std::max({out[i].before, out[i].after, out[i].extra}) > 65535) {
      c.error("a padding above 65535");
      return std::nullopt;
    }
  }
  return out;
}

// [n, h, w, c] with zeros behind.
ir::ValueId extended(NodeImport& c, ir::ValueId y, const Cut& h, const Cut& w) {
  if (h.extra == 0 && w.extra == 0) return y;
  PadAttrs a{};
  a.count = 4;
  a.after[1] = static_cast<int32_t>(h.extra);
  a.after[2] = static_cast<int32_t>(w.extra);
  return c.build().node(op_code::pad, a, {y}, c.type(y));
}

ir::ValueId transposed(NodeImport& c, const Conv& v, const Places& p, const std::vector<Cut>& cut) {
  const Cut h = cut.size() == 1 ? Cut{} : cut[0], w = cut.back();
  Conv2dAttrs a{};
  set_steps(p, &a);
  set_dilation(p, &a);
  a.pad_top = static_cast<int32_t>(h.before);
  a.pad_bottom = static_cast<int32_t>(h.after);
  a.pad_left = static_cast<int32_t>(w.before);
  a.pad_right = static_cast<int32_t>(w.after);
  a.groups = static_cast<int32_t>(v.groups);
  // The bias also stands where nothing else adds up.
  const bool late = h.extra != 0 || w.extra != 0;
  ir::ValueId y = c.build().node(
      op_code::transpose_conv2d, a,
      {channels_last(c, v.x), channels_last(c, v.weights), late ? ir::kNone : v.bias},
      Type::float32);
  y = extended(c, y, h, w);
  return late && v.bias != ir::kNone ? binary(c, op_code::add, y, v.bias) : y;
}

// Weights [i, m / groups, window...] as those of the convolution that does the same: [m, window...,
// i / groups], turned around.
ir::ValueId turned_weights(NodeImport& c, ir::ValueId w, int32_t groups) {
  const std::vector<int32_t> d = c.build().dims(w);
  w = reshaped(c, w, {groups, d[0] / groups, d[1], d[2], d[3], d[4]});
  w = reordered(c, w, {0, 2, 3, 4, 5, 1});
  w = reshaped(c, w, {groups * d[1], d[2], d[3], d[4], d[0] / groups});
  AxesAttrs a{3, {1, 2, 3}};
  return c.build().node(op_code::reverse, a, {w});
}

// x [n, d, h, w, c] with stride - 1 zeros behind each place.
ir::ValueId spread(NodeImport& c, ir::ValueId x, const Places& p) {
  const std::vector<int32_t> d = c.build().dims(x);
  PadAttrs a{};
  a.count = 8;
  bool is_wider = false;
  std::vector<int32_t> apart{d[0]}, together{d[0]};
  for (size_t i = 0; i < 3; ++i) {
    a.after[2 * i + 2] = p.stride[i] - 1;
    is_wider = is_wider || p.stride[i] > 1;
    apart.insert(apart.end(), {d[i + 1], 1});
    together.push_back(d[i + 1] * p.stride[i]);
  }
  if (!is_wider) return x;
  apart.push_back(d[4]);
  together.push_back(d[4]);
  x = c.build().node(op_code::pad, a, {reshaped(c, x, apart)});
  return reshaped(c, x, together);
}

// Three dimensions: a convolution of the input with zeros in between.
ir::ValueId transposed_volume(NodeImport& c, const Conv& v, const Places& p,
                              const std::vector<Cut>& cut) {
  ir::ValueId x = channels_last(c, v.x);
  for (int i = 0; i < 5; ++i) {
    if (c.failed() || (c.shape(x).dims[i].is_static() && c.shape(x).dims[i].max <= 65535)) continue;
    c.error("a transposed convolution of three dimensions, of which one is dynamic or above 65535",
            "make the sizes static");
  }
  if (c.failed()) return ir::kNone;
  const ShapeBounds w = c.shape(v.weights);
  bool fits = w.dims[1].max * v.groups <= INT32_MAX;
  for (size_t i = 0; i < 3; ++i)
    fits = fits && int64_t{c.shape(x).dims[i + 1].max} * p.stride[i] <= INT32_MAX;
  if (!fits) c.error("strides or groups that make sizes above 2^31");
  if (c.failed()) return ir::kNone;
  x = spread(c, x, p);
  Conv3dAttrs a{};
  a.stride_d = a.stride_h = a.stride_w = 1;
  a.dilation_d = p.dilation[0];
  a.dilation_h = p.dilation[1];
  a.dilation_w = p.dilation[2];
  a.groups = static_cast<int32_t>(v.groups);
  int32_t* before[] = {&a.pad_front, &a.pad_top, &a.pad_left};
  int32_t* after[] = {&a.pad_back, &a.pad_bottom, &a.pad_right};
  for (size_t i = 0; i < 3 && !c.failed(); ++i) {
    const int64_t reach = int64_t{p.window[i] - 1} * p.dilation[i];
    const int64_t front = reach - cut[i].before;
    const int64_t back = reach - cut[i].after + cut[i].extra - (p.stride[i] - 1);
    const int64_t size = c.shape(x).dims[i + 1].max;
    if (-front - back >= size || std::max(front, back) > 65535) {
      c.error("pads that leave nothing, or are above 65535");
      return ir::kNone;
    }
    if (front < 0 || back < 0)
      x = c.slice_axis(x, static_cast<int32_t>(i) + 1, std::max<int64_t>(-front, 0),
                       size - std::max<int64_t>(-back, 0));
    *before[i] = static_cast<int32_t>(std::max<int64_t>(front, 0));
    *after[i] = static_cast<int32_t>(std::max<int64_t>(back, 0));
  }
  if (c.failed()) return ir::kNone;
  return c.build().node(op_code::conv3d, a, {x, turned_weights(c, v.weights, a.groups), v.bias},
                        Type::float32);
}

}  // namespace

void import_conv_transpose(NodeImport& c) {
  Conv v{};
  v.x = float_input(c, 0);
  v.weights = float_input(c, 1);
  v.bias = optional_float_input(c, 2);
  v.groups = c.attr_int("group", 1);
  if (c.failed()) return;
  const ShapeBounds x = c.shape(v.x), w = c.shape(v.weights);
  if (v.groups < 1 || v.groups > INT32_MAX || !check_channels(c, x, w, v.groups, w.dims[0].max))
    return c.failed() ? void() : c.error("groups must be in [1, 2^31 - 1]");
  auto p = places(c, v.x, window_of(w));
  if (!p) return;
  auto cut = cuts(c, x, *p);
  if (!cut) return;
  ir::ValueId y = x.rank == 5 ? transposed_volume(c, v, *p, *cut) : transposed(c, v, *p, *cut);
  if (c.failed()) return;
  define_like(c, 0, channels_first(c, y, x.rank), c.input(0));
}

}  // namespace mote::onnx_import
