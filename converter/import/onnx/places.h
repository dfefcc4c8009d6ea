// Attributes of windows that slide over the dimensions behind batch and channels.
#pragma once

#include <optional>

#include "import/onnx/node_import.h"

namespace mote::onnx_import {

// Per spatial dimension.
struct Places {
  std::vector<int32_t> window, stride, dilation, before, after;
  // Of ceil_mode: what is added to `after` so that the last window is complete.
  std::vector<int32_t> extra;

  size_t count() const { return window.size(); }
  // As two dimensions: a single one is the width, the height is 1.
  struct Plane {
    int32_t window, stride, dilation, before, after;
  };
  Plane height() const { return count() == 1 ? Plane{1, 1, 1, 0, 0} : plane(count() - 2); }
  Plane width() const { return plane(count() - 1); }
  Plane plane(size_t i) const {
    return {window[i], stride[i], dilation[i], before[i], after[i] + extra[i]};
  }
};

// Attributes strides, dilations, pads, auto_pad and ceil_mode for windows of these sizes over `x`
// [n, c, places...]; nothing and an error when they are malformed or depend on dynamic sizes.
std::optional<Places> places(NodeImport& c, ir::ValueId x, const std::vector<int64_t>& window);

// The attribute, or as many times `fallback`, each in [low, 65535].
std::optional<std::vector<int32_t>> place_list(NodeImport& c, const char* name, size_t count,
                                               int32_t fallback, int32_t low);

// The window of two dimensions in the attributes of an operator.
template <class Attrs>
void set_steps(const Places& p, Attrs* a) {
  const Places::Plane h = p.height(), w = p.width();
  a->stride_h = h.stride;
  a->stride_w = w.stride;
  a->pad_top = h.before;
  a->pad_bottom = h.after;
  a->pad_left = w.before;
  a->pad_right = w.after;
}
template <class Attrs>
void set_dilation(const Places& p, Attrs* a) {
  a->dilation_h = p.height().dilation;
  a->dilation_w = p.width().dilation;
}

}  // namespace mote::onnx_import
