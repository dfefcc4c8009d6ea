// RESIZE_NEAREST_NEIGHBOR.
#include "import/tflite/op_import.h"

namespace mote::tflite_import {

void import_resize_nearest_neighbor(OpImport& c) {
  ir::ValueId x = c.input(0);
  auto size = c.constant_ints(1);
  if (c.failed()) return;
  // Sizes above this lose exactness in float32 (NUMERICS.md, 9).
  constexpr int64_t kMaxSize = 1 << 24;
  if (size->size() != 2 || (*size)[0] < 1 || (*size)[1] < 1 || (*size)[0] > kMaxSize ||
      (*size)[1] > kMaxSize)
    return c.error("the new size must be two numbers in [1, 2^24]", "", c.input_tensor(1));
  const auto* options = c.options<tfl::ResizeNearestNeighborOptions>();
  bool corners = options != nullptr && options->align_corners();
  bool half = options != nullptr && options->half_pixel_centers();
  if (corners && half) return c.error("align_corners and half_pixel_centers exclude each other");
  ir::ValueId y = c.output();
  if (c.failed()) return;
  // TFLite adds the half pixel and rounds down, which is to round the place without it.
  ResizeNearestAttrs a{};
  a.out_h = static_cast<int32_t>((*size)[0]);
  a.out_w = static_cast<int32_t>((*size)[1]);
  a.mode = corners ? kMoteAlignCorners : half ? kMoteHalfPixel : kMoteAsymmetric;
  a.rounding = corners || half ? kMoteNearestPreferCeil : kMoteNearestFloor;
  c.emit(op_code::resize_nearest, a, {x}, y);
}

}  // namespace mote::tflite_import
