// LpPool, GlobalLpPool.
#include <algorithm>
#include <cmath>

#include "import/onnx/channels.h"
#include "import/onnx/float_steps.h"
#include "import/onnx/places.h"

namespace mote::onnx_import {
namespace {

// |x|^p; squares are left to the operator that sums them.
ir::ValueId powers(NodeImport& c, ir::ValueId x, int64_t p) {
  ir::ValueId y = math(c, kMoteAbs, x);
  return p == 1 ? y : binary(c, op_code::pow, y, static_cast<float>(p));
}
ir::ValueId root(NodeImport& c, ir::ValueId x, int64_t p) {
  return p == 1 ? x : binary(c, op_code::pow, x, 1.0F / static_cast<float>(p));
}

std::optional<int64_t> exponent(NodeImport& c) {
  int64_t p = c.attr_int("p", 2);
  if (p >= 1 && p <= 64) return p;
  c.error("p = " + std::to_string(p) + "; expected 1 to 64");
  return std::nullopt;
}

}  // namespace

// The sum of a window is its mean, padding included, times its places.
void import_lp_pool(NodeImport& c) {
  ir::ValueId x = float_input(c, 0);
  auto p = exponent(c);
  if (c.failed() || !p) return;
  const int32_t rank = c.rank(x);
  if (rank != 3 && rank != 4)
    return c.error("an input of rank " + std::to_string(rank), "two dimensions are the limit");
  auto window = places(c, x, c.attr_ints("kernel_shape"));
  if (!window) return;
  if (std::any_of(window->dilation.begin(), window->dilation.end(), [](int d) { return d != 1; }))
    return c.error("an LpPool with dilation", "only a dilation of 1 is supported");
  const Places::Plane h = window->height(), w = window->width();
  Pool2dAttrs a{};
  a.window_h = h.window;
  a.window_w = w.window;
  set_steps(*window, &a);
  a.count_include_pad = 1;
  const auto count = static_cast<float>(int64_t{h.window} * w.window);
  ir::ValueId y = channels_last(c, *p == 2 ? x : powers(c, x, *p));
  y = c.build().node(*p == 2 ? op_code::l2_pool2d : op_code::avg_pool2d, a, {y});
  y = binary(c, op_code::mul, y, *p == 2 ? std::sqrt(count) : count);
  if (*p != 2) y = root(c, y, *p);
  if (!c.failed()) define_like(c, 0, channels_first(c, y, rank), c.input(0));
}

void import_global_lp_pool(NodeImport& c) {
  ir::ValueId x = float_input(c, 0);
  auto p = exponent(c);
  if (c.failed() || !p) return;
  std::vector<int32_t> axes;
  for (int32_t i = 2; i < c.rank(x); ++i) axes.push_back(i);
  ir::ValueId y = *p == 2   ? reduced(c, kMoteReduceL2, x, axes)
                  : *p == 1 ? reduced(c, kMoteReduceL1, x, axes)
                            : root(c, reduced(c, kMoteReduceSum, powers(c, x, *p), axes), *p);
  if (!c.failed()) define_like(c, 0, y, c.input(0));
}

}  // namespace mote::onnx_import
