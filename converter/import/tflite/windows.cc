#include "import/tflite/windows.h"

#include <algorithm>

#include "base/checked.h"

namespace mote::tflite_import {
namespace {

// NUMERICS.md, 1.4, and the windows that fit a padding of this size.
constexpr int32_t kMaxWindow = 65535;

bool in_range(int32_t n) { return n >= 1 && n <= kMaxWindow; }

}  // namespace

std::optional<Pads> explicit_pads(OpImport& c, tfl::Padding padding, Dim size, int32_t window,
                                  int32_t stride, int32_t dilation) {
  if (!in_range(window) || !in_range(stride) || !in_range(dilation)) {
    c.error("window " + std::to_string(window) + ", stride " + std::to_string(stride) +
                ", dilation " + std::to_string(dilation) + "; each must be in [1, 65535]",
            "export the model again");
    return std::nullopt;
  }
  if (padding == tfl::Padding::VALID) return Pads{};
  if (padding != tfl::Padding::SAME) {
    c.error("unknown padding " + std::to_string(static_cast<int>(padding)));
    return std::nullopt;
  }
  if (stride != 1 && !size.is_static()) {
    c.error("SAME padding with stride " + std::to_string(stride) + " depends on the dynamic size",
            "make height and width static, or pad explicitly in the source model");
    return std::nullopt;
  }
  int64_t extent = int64_t{window - 1} * dilation + 1;
  int64_t total = (ceil_div(size.max, stride) - 1) * stride + extent - size.max;
  total = std::max<int64_t>(total, 0);
  if (total > 2 * int64_t{kMaxWindow}) {
    c.error("SAME padding of " + std::to_string(total) + " elements; the limit is 131070");
    return std::nullopt;
  }
  auto before = static_cast<int32_t>(total / 2);
  return Pads{before, static_cast<int32_t>(total) - before};
}

}  // namespace mote::tflite_import
