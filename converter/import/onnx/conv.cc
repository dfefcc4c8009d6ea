// Conv, ConvTranspose.
#include "import/onnx/conv.h"

#include <algorithm>

#include "import/onnx/channels.h"
#include "import/onnx/float_steps.h"
#include "ir/op_view.h"

namespace mote::onnx_import {
namespace {

std::vector<int64_t> window_of(const ShapeBounds& weights) {
  std::vector<int64_t> window;
  for (int i = 2; i < weights.rank; ++i) window.push_back(weights.dims[i].max);
  return window;
}

// Weights and the input's channels must be known, of equal ranks, and the channels in groups.
bool check_channels(NodeImport& c, const ShapeBounds& x, const ShapeBounds& w, int64_t groups,
                    int64_t inputs) {
  if (x.rank < 3 || x.rank > 5 || w.rank != x.rank || !w.is_static() || !x.dims[1].is_static()) {
    c.error("an input of shape " + ir::shape_text(x) + " and weights of shape " +
                ir::shape_text(w) +
                "; expected equal ranks from 3 to 5, static weights and channels",
            "export the model with static channels");
    return false;
  }
  if (groups >= 1 && inputs == x.dims[1].max && w.dims[0].max % groups == 0) return true;
  c.error(std::to_string(x.dims[1].max) + " channels in " + std::to_string(groups) +
          " groups do not suit weights of shape " + ir::shape_text(w));
  return false;
}

// One channel of the input for each group.
bool is_depthwise(const ShapeBounds& w, int64_t groups) {
  return w.dims[1].max == 1 && groups > 1 && w.rank <= 4;
}

ir::ValueId depthwise(NodeImport& c, const Conv& v, const Places& p) {
  DepthwiseConv2dAttrs a{};
  set_steps(p, &a);
  set_dilation(p, &a);
  a.multiplier = static_cast<int32_t>(c.shape(v.weights).dims[0].max / v.groups);
  // [m, 1, h, w] as [1, h, w, m].
  const bool one = c.rank(v.weights) == 3;
  ir::ValueId w = reordered(c, v.weights,
                            one ? std::vector<int32_t>{1, 2, 0} : std::vector<int32_t>{1, 2, 3, 0});
  if (one) w = c.insert_ones(w, {0});
  return c.build().node(op_code::depthwise_conv2d, a, {channels_last(c, v.x), w, v.bias},
                        Type::float32);
}

ir::ValueId volume(NodeImport& c, const Conv& v, const Places& p) {
  Conv3dAttrs a{};
  set_steps(p, &a);
  set_dilation(p, &a);
  const Places::Plane d = p.plane(0);
  a.stride_d = d.stride;
  a.dilation_d = d.dilation;
  a.pad_front = d.before;
  a.pad_back = d.after;
  a.groups = static_cast<int32_t>(v.groups);
  return c.build().node(op_code::conv3d, a,
                        {channels_last(c, v.x), channels_last(c, v.weights), v.bias},
                        Type::float32);
}

ir::ValueId plane(NodeImport& c, const Conv& v, const Places& p) {
  Conv2dAttrs a{};
  set_steps(p, &a);
  set_dilation(p, &a);
  a.groups = static_cast<int32_t>(v.groups);
  return c.build().node(op_code::conv2d, a,
                        {channels_last(c, v.x), channels_last(c, v.weights), v.bias},
                        Type::float32);
}

// ---- ConvTranspose ----

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

}  // namespace

ir::ValueId convolution(NodeImport& c, const Conv& v) {
  const ShapeBounds x = c.shape(v.x), w = c.shape(v.weights);
  // Before the product, which a malformed number of groups might overflow.
  if (v.groups < 1 || v.groups > INT32_MAX) {
    c.error("groups must be in [1, 2^31 - 1]");
    return ir::kNone;
  }
  if (!check_channels(c, x, w, v.groups, w.rank < 2 ? 0 : w.dims[1].max * v.groups))
    return ir::kNone;
  auto p = places(c, v.x, window_of(w));
  if (!p) return ir::kNone;
  ir::ValueId y = x.rank == 5                 ? volume(c, v, *p)
                  : is_depthwise(w, v.groups) ? depthwise(c, v, *p)
                                              : plane(c, v, *p);
  return c.failed() ? ir::kNone : channels_first(c, y, x.rank);
}

void import_conv(NodeImport& c) {
  Conv v{};
  v.x = float_input(c, 0);
  v.weights = float_input(c, 1);
  v.bias = optional_float_input(c, 2);
  v.groups = c.attr_int("group", 1);
  if (c.failed()) return;
  ir::ValueId y = convolution(c, v);
  if (!c.failed()) define_like(c, 0, y, c.input(0));
}

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
  if (x.rank == 5)
    return c.error("a transposed convolution of three dimensions",
                   "only one and two are supported");
  auto p = places(c, v.x, window_of(w));
  if (!p) return;
  auto cut = cuts(c, x, *p);
  if (!cut) return;
  ir::ValueId y = transposed(c, v, *p, *cut);
  if (c.failed()) return;
  define_like(c, 0, channels_first(c, y, x.rank), c.input(0));
}

}  // namespace mote::onnx_import
