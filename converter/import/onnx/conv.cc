// Conv.
#include "import/onnx/conv.h"

#include "import/onnx/channels.h"
#include "import/onnx/float_steps.h"
#include "ir/op_view.h"

namespace mote::onnx_import {
namespace {

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

}  // namespace

std::vector<int64_t> window_of(const ShapeBounds& weights) {
  std::vector<int64_t> window;
  for (int i = 2; i < weights.rank; ++i) window.push_back(weights.dims[i].max);
  return window;
}

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

}  // namespace mote::onnx_import
