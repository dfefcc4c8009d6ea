#include "import/onnx/places.h"

#include <algorithm>

#include "base/checked.h"
#include "ir/op_view.h"

namespace mote::onnx_import {
namespace {

// NUMERICS.md, 1.4, and the windows that fit a padding of this size.
constexpr int32_t kLimit = 65535;

struct Pads {
  int64_t before, after;
};

bool in_range(const std::vector<int64_t>& list, int64_t low) {
  return std::all_of(list.begin(), list.end(), [&](int64_t n) { return n >= low && n <= kLimit; });
}

std::vector<int32_t> narrow(const std::vector<int64_t>& list) { return {list.begin(), list.end()}; }

// Nothing when they depend on a dynamic size.
std::optional<Pads> same_pads(Dim size, int64_t extent, int64_t stride, bool upper) {
  if (stride != 1 && !size.is_static()) return std::nullopt;
  int64_t total = (ceil_div(size.max, stride) - 1) * stride + extent - size.max;
  total = std::max<int64_t>(total, 0);
  const int64_t half = total / 2;
  return upper ? Pads{half, total - half} : Pads{total - half, half};
}

bool set_pads(NodeImport& c, const ShapeBounds& x, Places* p) {
  const std::string automatic = c.attr_string("auto_pad", "NOTSET");
  const size_t count = p->count();
  std::vector<int64_t> pads(2 * count, 0);
  if (automatic == "NOTSET") {
    pads = c.attr_ints("pads", pads);
    // Exporters write an empty list, or both for all dimensions at once, never.
    if (pads.empty()) pads.assign(2 * count, 0);
  } else if (automatic == "SAME_UPPER" || automatic == "SAME_LOWER") {
    for (size_t i = 0; i < count; ++i) {
      auto same = same_pads(x.dims[i + 2], int64_t{p->window[i] - 1} * p->dilation[i] + 1,
                            p->stride[i], automatic == "SAME_UPPER");
      if (!same) {
        c.error("auto_pad with a stride above 1 depends on a dynamic size",
                "make the input's sizes static, or pad explicitly in the source model");
        return false;
      }
      pads[i] = same->before;
      pads[count + i] = same->after;
    }
  } else if (automatic != "VALID") {
    c.error("auto_pad '" + automatic + "'", "expected NOTSET, SAME_UPPER, SAME_LOWER or VALID");
    return false;
  }
  if (pads.size() != 2 * count || !in_range(pads, 0)) {
    c.error("pads must be " + std::to_string(2 * count) + " numbers in [0, 65535]");
    return false;
  }
  std::vector<int32_t> all = narrow(pads);
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(count);
  p->before.assign(all.begin(), middle);
  p->after.assign(middle, all.end());
  return true;
}

// The number of windows is rounded up, but none starts behind the input and its first padding. A
// dynamic size gets what makes any division round up, where no window can start there.
void set_extra(const ShapeBounds& x, Places* p) {
  for (size_t i = 0; i < p->count(); ++i) {
    const int64_t extent = int64_t{p->window[i] - 1} * p->dilation[i] + 1, stride = p->stride[i];
    Dim size = x.dims[i + 2];
    int64_t rest = size.max + p->before[i] + p->after[i] - extent;
    if (!size.is_static()) {
      p->extra[i] = static_cast<int32_t>(stride - 1);
      continue;
    }
    if (rest < 0) continue;
    int64_t last = ceil_div(rest, stride) * stride;
    if (last >= int64_t{size.max} + p->before[i]) last -= stride;
    p->extra[i] = static_cast<int32_t>(std::max<int64_t>(last - rest, 0));
  }
}

bool can_round_up(NodeImport& c, const ShapeBounds& x, const Places& p) {
  for (size_t i = 0; i < p.count(); ++i) {
    int64_t extent = int64_t{p.window[i] - 1} * p.dilation[i] + 1;
    if (x.dims[i + 2].is_static() || p.stride[i] == 1 || p.after[i] + p.stride[i] <= extent)
      continue;
    c.error("ceil_mode with this padding and stride depends on a dynamic size",
            "make the input's sizes static");
    return false;
  }
  return true;
}

}  // namespace

std::optional<std::vector<int32_t>> place_list(NodeImport& c, const char* name, size_t count,
                                               int32_t fallback, int32_t low) {
  std::vector<int64_t> list = c.attr_ints(name, std::vector<int64_t>(count, fallback));
  if (list.empty()) list.assign(count, fallback);
  if (list.size() == count && in_range(list, low)) return narrow(list);
  c.error(std::string(name) + " must be " + std::to_string(count) + " numbers in [" +
          std::to_string(low) + ", 65535]");
  return std::nullopt;
}

std::optional<Places> places(NodeImport& c, ir::ValueId x, const std::vector<int64_t>& window) {
  const ShapeBounds shape = c.shape(x);
  if (shape.rank < 3 || window.size() != static_cast<size_t>(shape.rank - 2)) {
    c.error("an input of shape " + ir::shape_text(shape) + " and a window of " +
            std::to_string(window.size()) + " dimensions");
    return std::nullopt;
  }
  if (!in_range(window, 1)) {
    c.error("sizes of the window must be in [1, 65535]");
    return std::nullopt;
  }
  Places p;
  p.window = narrow(window);
  auto stride = place_list(c, "strides", window.size(), 1, 1);
  auto dilation = place_list(c, "dilations", window.size(), 1, 1);
  if (!stride || !dilation) return std::nullopt;
  p.stride = *stride;
  p.dilation = *dilation;
  p.extra.assign(window.size(), 0);
  if (!set_pads(c, shape, &p) || c.failed()) return std::nullopt;
  if (c.attr_int("ceil_mode", 0) == 0) return p;
  if (!can_round_up(c, shape, p)) return std::nullopt;
  set_extra(shape, &p);
  return p;
}

}  // namespace mote::onnx_import
