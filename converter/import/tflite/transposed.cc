// TRANSPOSE_CONV and MediaPipe's custom operator Convolution2DTransposeBias.
#include <algorithm>
#include <cstring>

#include "base/checked.h"
#include "import/tflite/op_import.h"
#include "ir/tables.h"

namespace mote::tflite_import {
namespace {

struct Window {
  tfl::Padding padding;
  int32_t stride_h, stride_w, activation;
};
struct Operands {
  ir::ValueId x, weights, bias;
};

// One axis of the convolution that is transposed: its input is this operator's output.
struct Axis {
  int64_t before = 0, after = 0;  // pads; `after` below 0: the window grows by as much
};
constexpr int64_t kMaxSize = 65535;  // NUMERICS.md, 1.4

// As TFLite: of SAME's padding, which the output's size implies, half stands before.
Axis axis_of(tfl::Padding padding, int64_t x, int64_t y, int64_t window, int64_t stride) {
  int64_t total = (ceil_div(y, stride) - 1) * stride + window - y;
  int64_t before = padding == tfl::Padding::SAME ? std::max<int64_t>(total, 0) / 2 : 0;
  return {before, (x - 1) * stride + window - y - before};
}

// The output of a Keras layer: what is cut off, or added, does not depend on the input's size.
Axis axis_of_layer(tfl::Padding padding, int64_t window, int64_t stride) {
  if (padding == tfl::Padding::SAME) {
    int64_t total = std::max<int64_t>(window - stride, 0);
    return {total / 2, window - stride - total / 2};
  }
  return {0, std::min<int64_t>(window - stride, 0)};
}

// [o, kh, kw, i] as [i, kh + rows, kw + columns, o]; what is added contributes nothing.
ir::ValueId turned_weights(OpImport& c, ir::ValueId weights, int64_t rows, int64_t columns) {
  const ir::Value w = c.value(weights);
  if (w.kind != TensorKind::constant) {
    c.error("weights that are not constant are not supported", "export the model with constants");
    return ir::kNone;
  }
  const int64_t o = w.shape.dims[0].max, kh = w.shape.dims[1].max, kw = w.shape.dims[2].max;
  const int64_t i = w.shape.dims[3].max, h = kh + rows, width = kw + columns;
  const auto item = static_cast<size_t>(type_bytes(w.type));
  if (!c.importer().source().visit(static_cast<uint64_t>(o * i * h * width))) return ir::kNone;
  ir::Quantization q = w.quantization;
  int fill = w.type == Type::int8 && q.zero_points.size() == 1 ? q.zero_points[0] : 0;
  if (q.scales.size() > 1) q.axis = 3;
  ir::Bytes bytes(static_cast<size_t>(o * i * h * width) * item, static_cast<uint8_t>(fill));
  for (int64_t at = 0; at < o * kh * kw * i; ++at) {
    int64_t k = at % i, x = at / i % kw, y = at / (i * kw) % kh, n = at / (i * kw * kh);
    int64_t to = ((k * h + y) * width + x) * o + n;
    memcpy(&bytes[static_cast<size_t>(to) * item], w.data->data() + static_cast<size_t>(at) * item,
           item);
  }
  auto size = [](int64_t n) { return static_cast<int32_t>(n); };
  return c.graph().add_value({w.name + "/turned", w.type, TensorKind::constant,
                              ir::shape_of({size(i), size(h), size(width), size(o)}), q,
                              std::make_shared<const ir::Bytes>(std::move(bytes))});
}

bool check_operands(OpImport& c, const Window& window, const Operands& o) {
  const ShapeBounds &x = c.value(o.x).shape, &w = c.value(o.weights).shape;
  if (x.rank != 4 || w.rank != 4) {
    c.error("input of rank " + std::to_string(x.rank) + " and weights of rank " +
            std::to_string(w.rank) + "; expected 4");
    return false;
  }
  for (int64_t n : {int64_t{window.stride_h}, int64_t{window.stride_w}, int64_t{w.dims[1].max},
                    int64_t{w.dims[2].max}})
    if (n < 1 || n > kMaxSize) {
      c.error("a window or stride of " + std::to_string(n) + "; expected 1 to 65535");
      return false;
    }
  if (window.padding == tfl::Padding::SAME || window.padding == tfl::Padding::VALID) return true;
  c.error("unknown padding " + std::to_string(static_cast<int>(window.padding)));
  return false;
}

// The stored scales of a quantized operator.
ir::ValueId requantize_operand(OpImport& c, const Operands& o, ir::ValueId y) {
  const ir::Quantization &qx = c.value(o.x).quantization, &qy = c.value(y).quantization;
  const ir::Quantization& qw = c.value(o.weights).quantization;
  // Anything else is for the operator's own check to refuse.
  if (c.value(o.x).type != Type::int8 || qx.scales.size() != 1 || qy.scales.size() != 1 ||
      !qw.quantized() || !c.importer().source().visit(qw.scales.size()))
    return ir::kNone;
  std::vector<float> scales = ir::requantize_scales(qx, qw, qy);
  return c.graph().add_constant(c.value(y).name + "/requantize", Type::float32,
                                ir::shape_of({static_cast<int32_t>(scales.size())}), scales);
}

void emit_transposed(OpImport& c, const Window& window, Operands o, Axis rows, Axis columns) {
  for (int64_t pad : {rows.before, rows.after, columns.before, columns.after})
    if (pad < -kMaxSize || pad > kMaxSize)
      return c.error("the output's size does not fit the input's", "export the model again");
  auto missing = [](const Axis& a) { return std::max<int64_t>(-a.after, 0); };
  o.weights = turned_weights(c, o.weights, missing(rows), missing(columns));
  ir::ValueId y = c.failed() || o.weights == ir::kNone ? ir::kNone : c.output();
  if (y == ir::kNone) return;
  Conv2dAttrs a{};
  a.stride_h = window.stride_h;
  a.stride_w = window.stride_w;
  a.dilation_h = a.dilation_w = a.groups = 1;
  a.pad_top = static_cast<int32_t>(rows.before);
  a.pad_bottom = static_cast<int32_t>(rows.after + missing(rows));
  a.pad_left = static_cast<int32_t>(columns.before);
  a.pad_right = static_cast<int32_t>(columns.after + missing(columns));
  a.activation = window.activation;
  c.emit(op_code::transpose_conv2d, a, {o.x, o.weights, o.bias, requantize_operand(c, o, y)}, y);
}

// An output's size where the file has it as a constant.
bool has_constant_shape(OpImport& c) {
  int32_t t = c.input_tensor(0);
  Span<const uint8_t> data;
  if (t < 0 || static_cast<uint32_t>(t) >= c.importer().tensor_count()) return true;  // an error
  return c.importer().constant_data(static_cast<uint32_t>(t), &data) ||
         (c.importer().is_defined(t) && c.value(c.input(0)).kind == TensorKind::constant);
}

}  // namespace

void import_transpose_conv(OpImport& c) {
  const auto* options = c.required_options<tfl::TransposeConvOptions>();
  Operands o{};
  o.x = c.input(2);
  o.weights = c.input_like(1, o.x);
  o.bias = c.has(3) ? c.input_like(3, o.x) : ir::kNone;
  if (options == nullptr || c.failed()) return;
  Window window{options->padding(), options->stride_h(), options->stride_w(),
                c.fused_activation(options->activation())};
  if (c.failed() || !check_operands(c, window, o)) return;
  const ShapeBounds x = c.value(o.x).shape, w = c.value(o.weights).shape;
  // A dynamic batch makes the exporter compute the output's shape at run.
  if (!has_constant_shape(c))
    return emit_transposed(c, window, o,
                           axis_of_layer(window.padding, w.dims[1].max, window.stride_h),
                           axis_of_layer(window.padding, w.dims[2].max, window.stride_w));
  auto y = c.constant_ints(0);
  if (!y) return;
  if (y->size() != 4 || (*y)[1] < 1 || (*y)[1] > INT32_MAX || (*y)[2] < 1 || (*y)[2] > INT32_MAX)
    return c.error("the output's shape must be four positive sizes", "export the model again");
  if (!x.dims[1].is_static() || !x.dims[2].is_static())
    return c.error("an output of fixed height and width for an input of dynamic ones",
                   "make height and width static");
  emit_transposed(c, window, o,
                  axis_of(window.padding, x.dims[1].max, (*y)[1], w.dims[1].max, window.stride_h),
                  axis_of(window.padding, x.dims[2].max, (*y)[2], w.dims[2].max, window.stride_w));
}

// Its options are the bytes of TfLiteTransposeConvParams: padding (1 SAME, 2 VALID), stride_width,
// stride_height.
void import_convolution_2d_transpose_bias(OpImport& c) {
  Operands o{};
  o.x = c.input(0);
  o.weights = c.input_like(1, o.x);
  o.bias = c.has(2) ? c.input_like(2, o.x) : ir::kNone;
  int32_t fields[3];
  Span<const uint8_t> options = c.custom_options();
  if (c.failed()) return;
  if (options.size < sizeof fields)
    return c.error("options of " + std::to_string(options.size) + " bytes; expected 12",
                   "export the model again");
  memcpy(fields, options.data, sizeof fields);
  if (fields[0] != 1 && fields[0] != 2)
    return c.error("unknown padding " + std::to_string(fields[0]));
  Window window{fields[0] == 1 ? tfl::Padding::SAME : tfl::Padding::VALID, fields[2], fields[1],
                kMoteActivationNone};
  if (!check_operands(c, window, o)) return;
  const ShapeBounds w = c.value(o.weights).shape;
  emit_transposed(c, window, o, axis_of_layer(window.padding, w.dims[1].max, window.stride_h),
                  axis_of_layer(window.padding, w.dims[2].max, window.stride_w));
}

}  // namespace mote::tflite_import
