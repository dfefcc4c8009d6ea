// CONV_3D.
#include "import/tflite/windows.h"

namespace mote::tflite_import {
namespace {

// [kd, kh, kw, i, o] as [o, kd, kh, kw, i].
ir::ValueId turned(OpImport& c, ir::ValueId weights) {
  ir::ValueId y = c.importer().new_value(c.value(weights).name + "/turned", Type::float32, {});
  TransposeAttrs a{};
  for (int32_t p : {4, 0, 1, 2, 3}) a.permutation[a.count++] = p;
  return c.emit(op_code::transpose, a, {weights}, y) ? y : ir::kNone;
}

}  // namespace

void import_conv3d(OpImport& c) {
  const auto* options = c.required_options<tfl::Conv3DOptions>();
  ir::ValueId x = c.input(0);
  ir::ValueId weights = c.input_like(1, x);
  ir::ValueId bias = c.has(2) ? c.input_like(2, x) : ir::kNone;
  if (options == nullptr || c.failed()) return;
  const ShapeBounds in = c.value(x).shape, w = c.value(weights).shape;
  if (in.rank != 5 || w.rank != 5 || c.value(weights).type != Type::float32)
    return c.error("input and weights must be float32 of rank 5");
  if (!in.dims[4].is_static() || in.dims[4].max % w.dims[3].max != 0)
    return c.error("the input's channels are no multiple of the weights'");
  Conv3dAttrs a{};
  a.stride_d = options->stride_d();
  a.stride_h = options->stride_h();
  a.stride_w = options->stride_w();
  a.dilation_d = options->dilation_d();
  a.dilation_h = options->dilation_h();
  a.dilation_w = options->dilation_w();
  a.groups = in.dims[4].max / w.dims[3].max;
  a.activation = c.fused_activation(options->activation());
  auto pads = [&](int i, int32_t stride, int32_t dilation) {
    return explicit_pads(c, options->padding(), in.dims[i + 1], w.dims[i].max, stride, dilation);
  };
  auto depth = pads(0, a.stride_d, a.dilation_d), rows = pads(1, a.stride_h, a.dilation_h);
  auto columns = pads(2, a.stride_w, a.dilation_w);
  if (c.failed() || !depth || !rows || !columns) return;
  a.pad_front = depth->before;
  a.pad_back = depth->after;
  a.pad_top = rows->before;
  a.pad_bottom = rows->after;
  a.pad_left = columns->before;
  a.pad_right = columns->after;
  weights = turned(c, weights);
  ir::ValueId y = c.failed() ? ir::kNone : c.output();
  if (!c.failed()) c.emit(op_code::conv3d, a, {x, weights, bias}, y);
}

}  // namespace mote::tflite_import
