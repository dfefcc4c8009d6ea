#include "numerics/attribute_fields.h"

#include <cstddef>
#include <vector>

#include "numerics/json.h"
#include "ops/attributes.h"
#include "ops/op_codes.h"
#include "train/attributes.h"

namespace mote::test {
namespace {

enum class Kind { integer, bits, real };

struct Field {
  const char* name;
  size_t offset;
  Kind kind;
  int count;  // 1: a number; more: an array
};

#define MOTE_INT(type, field) {#field, offsetof(type, field), Kind::integer, 1}
#define MOTE_BITS(type, field) {#field, offsetof(type, field), Kind::bits, 1}
#define MOTE_REAL(type, field) {#field, offsetof(type, field), Kind::real, 1}
#define MOTE_INTS(type, field) {#field, offsetof(type, field), Kind::integer, 8}

std::vector<Field> pool_fields() {
  return {MOTE_INT(Pool2dAttrs, window_h),          MOTE_INT(Pool2dAttrs, window_w),
          MOTE_INT(Pool2dAttrs, stride_h),          MOTE_INT(Pool2dAttrs, stride_w),
          MOTE_INT(Pool2dAttrs, pad_top),           MOTE_INT(Pool2dAttrs, pad_left),
          MOTE_INT(Pool2dAttrs, pad_bottom),        MOTE_INT(Pool2dAttrs, pad_right),
          MOTE_INT(Pool2dAttrs, count_include_pad), MOTE_INT(Pool2dAttrs, round_half_up),
          MOTE_INT(Pool2dAttrs, activation)};
}

std::vector<Field> conv2d_fields() {
  return {MOTE_INT(Conv2dAttrs, stride_h),   MOTE_INT(Conv2dAttrs, stride_w),
          MOTE_INT(Conv2dAttrs, dilation_h), MOTE_INT(Conv2dAttrs, dilation_w),
          MOTE_INT(Conv2dAttrs, pad_top),    MOTE_INT(Conv2dAttrs, pad_left),
          MOTE_INT(Conv2dAttrs, pad_bottom), MOTE_INT(Conv2dAttrs, pad_right),
          MOTE_INT(Conv2dAttrs, groups),     MOTE_INT(Conv2dAttrs, activation)};
}

std::vector<Field> depthwise_fields() {
  using A = DepthwiseConv2dAttrs;
  return {MOTE_INT(A, stride_h),   MOTE_INT(A, stride_w),  MOTE_INT(A, dilation_h),
          MOTE_INT(A, dilation_w), MOTE_INT(A, pad_top),   MOTE_INT(A, pad_left),
          MOTE_INT(A, pad_bottom), MOTE_INT(A, pad_right), MOTE_INT(A, multiplier),
          MOTE_INT(A, activation)};
}

std::vector<Field> slice_fields() {
  using A = StridedSliceAttrs;
  return {MOTE_INT(A, count),       MOTE_INTS(A, begin),      MOTE_INTS(A, end),
          MOTE_INTS(A, strides),    MOTE_BITS(A, begin_mask), MOTE_BITS(A, end_mask),
          MOTE_BITS(A, shrink_mask)};
}

std::vector<Field> fields_of(uint16_t op) {
  switch (op) {
    case op_code::conv2d:
    case op_code::transpose_conv2d:
    case op_code::conv2d_weight_grad:
      return conv2d_fields();
    case op_code::depthwise_conv2d:
    case op_code::depthwise_conv2d_input_grad:
    case op_code::depthwise_conv2d_weight_grad:
      return depthwise_fields();
    case op_code::fully_connected:
      return {MOTE_INT(FullyConnectedAttrs, activation)};
    case op_code::batch_matmul:
      return {MOTE_INT(BatchMatmulAttrs, transpose_a), MOTE_INT(BatchMatmulAttrs, transpose_b)};
    case op_code::softmax:
      return {MOTE_REAL(SoftmaxAttrs, beta)};
    case op_code::max_pool2d:
    case op_code::avg_pool2d:
    case op_code::max_pool2d_grad:
    case op_code::avg_pool2d_grad:
      return pool_fields();
    case op_code::resize_bilinear:
    case op_code::resize_bilinear_grad:
      return {MOTE_INT(ResizeBilinearAttrs, out_h), MOTE_INT(ResizeBilinearAttrs, out_w),
              MOTE_INT(ResizeBilinearAttrs, mode)};
    case op_code::add:
    case op_code::sub:
    case op_code::mul:
      return {MOTE_INT(BinaryAttrs, activation), MOTE_REAL(BinaryAttrs, requantize_scale)};
    case op_code::activation:
    case op_code::activation_grad:
      return {MOTE_INT(ActivationAttrs, kind)};
    case op_code::reduce:
      return {MOTE_INT(ReduceAttrs, kind), MOTE_INT(ReduceAttrs, axis_count),
              MOTE_INTS(ReduceAttrs, axes), MOTE_INT(ReduceAttrs, keep_dims),
              MOTE_REAL(ReduceAttrs, requantize_scale)};
    case op_code::arg_max:
      return {MOTE_INT(ArgMaxAttrs, axis), MOTE_INT(ArgMaxAttrs, keep_dims)};
    case op_code::reshape:
      return {MOTE_INT(ReshapeAttrs, count), MOTE_INTS(ReshapeAttrs, shape)};
    case op_code::transpose:
      return {MOTE_INT(TransposeAttrs, count), MOTE_INTS(TransposeAttrs, permutation)};
    case op_code::concat:
      return {MOTE_INT(ConcatAttrs, axis), MOTE_INT(ConcatAttrs, activation)};
    case op_code::strided_slice:
      return slice_fields();
    case op_code::pad:
      return {MOTE_INT(PadAttrs, mode), MOTE_INT(PadAttrs, count), MOTE_INTS(PadAttrs, before),
              MOTE_INTS(PadAttrs, after), MOTE_REAL(PadAttrs, value)};
    case op_code::gather:
    case op_code::gather_grad:
      return {MOTE_INT(GatherAttrs, axis), MOTE_INT(GatherAttrs, batch_dims)};
    case op_code::softmax_cross_entropy:
      return {MOTE_REAL(SoftmaxCrossEntropyAttrs, label_smoothing),
              MOTE_INT(SoftmaxCrossEntropyAttrs, ignore_index)};
    case op_code::dropout_mask:
      return {MOTE_REAL(DropoutMaskAttrs, rate), MOTE_BITS(DropoutMaskAttrs, stream)};
    case op_code::sgd:
    case op_code::adam:
      return {MOTE_INT(OptimizerAttrs, nesterov), MOTE_INT(OptimizerAttrs, decoupled)};
    case op_code::batch_norm:
    case op_code::batch_norm_train:
    case op_code::batch_norm_grad:
    case op_code::batch_norm_fold:
      return {MOTE_REAL(BatchNormAttrs, epsilon), MOTE_REAL(BatchNormAttrs, momentum),
              MOTE_INT(BatchNormAttrs, frozen)};
    default:
      return {};
  }
}

std::string element(Kind kind, const uint8_t* at) {
  int32_t i;
  uint32_t u;
  float f;
  memcpy(&i, at, sizeof i);
  memcpy(&u, at, sizeof u);
  memcpy(&f, at, sizeof f);
  if (kind == Kind::integer) return std::to_string(i);
  return kind == Kind::bits ? std::to_string(u) : json_number(f);
}

}  // namespace

std::string attributes_json(uint16_t op, const ir::Bytes& attributes) {
  std::string out = "{";
  for (const Field& f : fields_of(op)) {
    if (f.offset + 4 * static_cast<size_t>(f.count) > attributes.size()) continue;
    if (out.size() > 1) out += ", ";
    out += json_string(f.name) + ": ";
    if (f.count > 1) out += "[";
    for (int i = 0; i < f.count; ++i) {
      if (i > 0) out += ", ";
      out += element(f.kind, attributes.data() + f.offset + 4 * static_cast<size_t>(i));
    }
    if (f.count > 1) out += "]";
  }
  return out + "}";
}

}  // namespace mote::test
