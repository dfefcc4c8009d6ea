// MAX_POOL_2D, AVERAGE_POOL_2D, L2_POOL_2D, RESIZE_BILINEAR.
#include "import/tflite/windows.h"

namespace mote::tflite_import {
namespace {

void import_pool(OpImport& c, uint16_t op) {
  const auto* options = c.required_options<tfl::Pool2DOptions>();
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  ir::ValueId y = c.output();
  Pool2dAttrs a{};
  a.window_h = options->filter_h();
  a.window_w = options->filter_w();
  a.stride_h = options->stride_h();
  a.stride_w = options->stride_w();
  a.activation = c.fused_activation(options->activation());
  if (c.failed()) return;
  ShapeBounds shape = c.value(x).shape;
  if (shape.rank != 4)
    return c.error("input of rank " + std::to_string(shape.rank) + ", expected 4");
  auto vertical = explicit_pads(c, options->padding(), shape.dims[1], a.window_h, a.stride_h, 1);
  auto horizontal = explicit_pads(c, options->padding(), shape.dims[2], a.window_w, a.stride_w, 1);
  if (!vertical || !horizontal) return;
  a.pad_top = vertical->before;
  a.pad_bottom = vertical->after;
  a.pad_left = horizontal->before;
  a.pad_right = horizontal->after;
  // Averages of stored values do not commute with the shift of legacy uint8 (NUMERICS.md, 12).
  a.round_half_up = op == op_code::avg_pool2d && c.importer().is_shifted(c.input_tensor(0));
  c.emit(op, a, {x}, y);
}

}  // namespace

void import_max_pool(OpImport& c) { import_pool(c, op_code::max_pool2d); }
void import_l2_pool(OpImport& c) { import_pool(c, op_code::l2_pool2d); }
void import_average_pool(OpImport& c) { import_pool(c, op_code::avg_pool2d); }

void import_resize_bilinear(OpImport& c) {
  ir::ValueId x = c.input(0);
  auto size = c.constant_ints(1);
  if (c.failed()) return;
  ir::ValueId y = c.output();
  if (c.failed()) return;
  // Sizes above this lose exactness in float32 (NUMERICS.md, 9).
  constexpr int64_t kMaxSize = 1 << 24;
  if (size->size() != 2 || (*size)[0] < 1 || (*size)[1] < 1 || (*size)[0] > kMaxSize ||
      (*size)[1] > kMaxSize)
    return c.error("the new size must be two numbers in [1, 2^24]", "", c.input_tensor(1));
  const auto* options = c.options<tfl::ResizeBilinearOptions>();
  bool corners = options != nullptr && options->align_corners();
  bool half = options != nullptr && options->half_pixel_centers();
  if (corners && half) return c.error("align_corners and half_pixel_centers exclude each other");
  ResizeBilinearAttrs a{};
  a.out_h = static_cast<int32_t>((*size)[0]);
  a.out_w = static_cast<int32_t>((*size)[1]);
  a.mode = corners ? kMoteAlignCorners : half ? kMoteHalfPixel : kMoteAsymmetric;
  c.emit(op_code::resize_bilinear, a, {x}, y);
}

}  // namespace mote::tflite_import
