#include "numerics/attribute_fields.h"

#include <cstddef>
#include <map>
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

std::vector<Field> recurrent_fields() {
  using A = RecurrentAttrs;
  return {MOTE_INT(A, reverse),
          MOTE_INT(A, time_major),
          MOTE_INT(A, gate_activation),
          MOTE_INT(A, cell_activation),
          MOTE_INT(A, output_activation),
          MOTE_REAL(A, gate_alpha),
          MOTE_REAL(A, gate_beta),
          MOTE_REAL(A, cell_alpha),
          MOTE_REAL(A, cell_beta),
          MOTE_REAL(A, output_alpha),
          MOTE_REAL(A, output_beta),
          MOTE_REAL(A, clip),
          MOTE_REAL(A, cell_clip),
          MOTE_REAL(A, projection_clip),
          MOTE_INT(A, coupling),
          MOTE_INT(A, linear_before_reset),
          MOTE_INT(A, hidden_zero_point),
          MOTE_INT(A, scale_count),
          {"scales", offsetof(A, scales), Kind::real, kMoteRecurrentScales}};
}

// By operator; those without attributes are not named.
const std::map<uint16_t, std::vector<Field>> kFields = {
    {op_code::conv2d, conv2d_fields()},
    {op_code::transpose_conv2d, conv2d_fields()},
    {op_code::conv2d_weight_grad, conv2d_fields()},
    {op_code::depthwise_conv2d, depthwise_fields()},
    {op_code::depthwise_conv2d_input_grad, depthwise_fields()},
    {op_code::depthwise_conv2d_weight_grad, depthwise_fields()},
    {op_code::fully_connected, {MOTE_INT(FullyConnectedAttrs, activation)}},
    {op_code::batch_matmul,
     {MOTE_INT(BatchMatmulAttrs, transpose_a), MOTE_INT(BatchMatmulAttrs, transpose_b)}},
    {op_code::softmax, {MOTE_REAL(SoftmaxAttrs, beta)}},
    {op_code::log_softmax, {MOTE_REAL(SoftmaxAttrs, beta)}},
    {op_code::max_pool2d, pool_fields()},
    {op_code::avg_pool2d, pool_fields()},
    {op_code::max_pool2d_grad, pool_fields()},
    {op_code::avg_pool2d_grad, pool_fields()},
    {op_code::l2_pool2d, pool_fields()},
    {op_code::resize_bilinear,
     {MOTE_INT(ResizeBilinearAttrs, out_h), MOTE_INT(ResizeBilinearAttrs, out_w),
      MOTE_INT(ResizeBilinearAttrs, mode), MOTE_REAL(ResizeBilinearAttrs, scale_h),
      MOTE_REAL(ResizeBilinearAttrs, scale_w)}},
    {op_code::resize_bilinear_grad,
     {MOTE_INT(ResizeBilinearAttrs, out_h), MOTE_INT(ResizeBilinearAttrs, out_w),
      MOTE_INT(ResizeBilinearAttrs, mode), MOTE_REAL(ResizeBilinearAttrs, scale_h),
      MOTE_REAL(ResizeBilinearAttrs, scale_w)}},
    {op_code::add, {MOTE_INT(BinaryAttrs, activation), MOTE_REAL(BinaryAttrs, requantize_scale)}},
    {op_code::sub, {MOTE_INT(BinaryAttrs, activation), MOTE_REAL(BinaryAttrs, requantize_scale)}},
    {op_code::mul, {MOTE_INT(BinaryAttrs, activation), MOTE_REAL(BinaryAttrs, requantize_scale)}},
    {op_code::div, {MOTE_INT(BinaryAttrs, activation), MOTE_REAL(BinaryAttrs, requantize_scale)}},
    {op_code::minimum,
     {MOTE_INT(BinaryAttrs, activation), MOTE_REAL(BinaryAttrs, requantize_scale)}},
    {op_code::maximum,
     {MOTE_INT(BinaryAttrs, activation), MOTE_REAL(BinaryAttrs, requantize_scale)}},
    {op_code::pow, {MOTE_INT(BinaryAttrs, activation), MOTE_REAL(BinaryAttrs, requantize_scale)}},
    {op_code::squared_difference,
     {MOTE_INT(BinaryAttrs, activation), MOTE_REAL(BinaryAttrs, requantize_scale)}},
    {op_code::floor_div,
     {MOTE_INT(BinaryAttrs, activation), MOTE_REAL(BinaryAttrs, requantize_scale)}},
    {op_code::activation,
     {MOTE_INT(ActivationAttrs, kind), MOTE_REAL(ActivationAttrs, alpha),
      MOTE_REAL(ActivationAttrs, beta)}},
    {op_code::activation_grad,
     {MOTE_INT(ActivationAttrs, kind), MOTE_REAL(ActivationAttrs, alpha),
      MOTE_REAL(ActivationAttrs, beta)}},
    {op_code::reduce,
     {MOTE_INT(ReduceAttrs, kind), MOTE_INT(ReduceAttrs, axis_count), MOTE_INTS(ReduceAttrs, axes),
      MOTE_INT(ReduceAttrs, keep_dims), MOTE_REAL(ReduceAttrs, requantize_scale)}},
    {op_code::arg_max,
     {MOTE_INT(ArgMaxAttrs, axis), MOTE_INT(ArgMaxAttrs, keep_dims),
      MOTE_INT(ArgMaxAttrs, select_last)}},
    {op_code::arg_min,
     {MOTE_INT(ArgMaxAttrs, axis), MOTE_INT(ArgMaxAttrs, keep_dims),
      MOTE_INT(ArgMaxAttrs, select_last)}},
    {op_code::reshape, {MOTE_INT(ReshapeAttrs, count), MOTE_INTS(ReshapeAttrs, shape)}},
    {op_code::transpose, {MOTE_INT(TransposeAttrs, count), MOTE_INTS(TransposeAttrs, permutation)}},
    {op_code::concat, {MOTE_INT(ConcatAttrs, axis), MOTE_INT(ConcatAttrs, activation)}},
    {op_code::strided_slice, slice_fields()},
    {op_code::pad,
     {MOTE_INT(PadAttrs, mode), MOTE_INT(PadAttrs, count), MOTE_INTS(PadAttrs, before),
      MOTE_INTS(PadAttrs, after), MOTE_REAL(PadAttrs, value)}},
    {op_code::gather, {MOTE_INT(GatherAttrs, axis), MOTE_INT(GatherAttrs, batch_dims)}},
    {op_code::gather_grad, {MOTE_INT(GatherAttrs, axis), MOTE_INT(GatherAttrs, batch_dims)}},
    {op_code::conv3d,
     {MOTE_INT(Conv3dAttrs, stride_d), MOTE_INT(Conv3dAttrs, stride_h),
      MOTE_INT(Conv3dAttrs, stride_w), MOTE_INT(Conv3dAttrs, dilation_d),
      MOTE_INT(Conv3dAttrs, dilation_h), MOTE_INT(Conv3dAttrs, dilation_w),
      MOTE_INT(Conv3dAttrs, pad_front), MOTE_INT(Conv3dAttrs, pad_top),
      MOTE_INT(Conv3dAttrs, pad_left), MOTE_INT(Conv3dAttrs, pad_back),
      MOTE_INT(Conv3dAttrs, pad_bottom), MOTE_INT(Conv3dAttrs, pad_right),
      MOTE_INT(Conv3dAttrs, groups), MOTE_INT(Conv3dAttrs, activation)}},
    {op_code::lstm, recurrent_fields()},
    {op_code::gru, recurrent_fields()},
    {op_code::rnn, recurrent_fields()},
    {op_code::svdf,
     {MOTE_INT(SvdfAttrs, rank), MOTE_INT(SvdfAttrs, activation),
      MOTE_REAL(SvdfAttrs, feature_scale), MOTE_REAL(SvdfAttrs, time_scale)}},
    {op_code::attention,
     {MOTE_REAL(AttentionAttrs, scale), MOTE_REAL(AttentionAttrs, softcap),
      MOTE_INT(AttentionAttrs, causal)}},
    {op_code::rotary_embedding, {MOTE_INT(RotaryEmbeddingAttrs, interleaved)}},
    {op_code::layer_norm,
     {MOTE_INT(NormalizeAttrs, axis_count), MOTE_INT(NormalizeAttrs, groups),
      MOTE_REAL(NormalizeAttrs, epsilon)}},
    {op_code::rms_norm,
     {MOTE_INT(NormalizeAttrs, axis_count), MOTE_INT(NormalizeAttrs, groups),
      MOTE_REAL(NormalizeAttrs, epsilon)}},
    {op_code::group_norm,
     {MOTE_INT(NormalizeAttrs, axis_count), MOTE_INT(NormalizeAttrs, groups),
      MOTE_REAL(NormalizeAttrs, epsilon)}},
    {op_code::l2_normalize,
     {MOTE_INT(NormalizeAttrs, axis_count), MOTE_INT(NormalizeAttrs, groups),
      MOTE_REAL(NormalizeAttrs, epsilon)}},
    {op_code::local_response_norm,
     {MOTE_INT(LocalResponseNormAttrs, before), MOTE_INT(LocalResponseNormAttrs, after),
      MOTE_REAL(LocalResponseNormAttrs, alpha), MOTE_REAL(LocalResponseNormAttrs, beta),
      MOTE_REAL(LocalResponseNormAttrs, bias)}},
    {op_code::resize_nearest,
     {MOTE_INT(ResizeNearestAttrs, out_h), MOTE_INT(ResizeNearestAttrs, out_w),
      MOTE_INT(ResizeNearestAttrs, mode), MOTE_INT(ResizeNearestAttrs, rounding),
      MOTE_REAL(ResizeNearestAttrs, scale_h), MOTE_REAL(ResizeNearestAttrs, scale_w)}},
    {op_code::grid_sample,
     {MOTE_INT(GridSampleAttrs, mode), MOTE_INT(GridSampleAttrs, padding),
      MOTE_INT(GridSampleAttrs, align_corners)}},
    {op_code::roi_align,
     {MOTE_INT(RoiAlignAttrs, out_h), MOTE_INT(RoiAlignAttrs, out_w), MOTE_INT(RoiAlignAttrs, mode),
      MOTE_INT(RoiAlignAttrs, sampling_ratio), MOTE_INT(RoiAlignAttrs, half_pixel),
      MOTE_REAL(RoiAlignAttrs, spatial_scale)}},
    {op_code::floor_mod, {MOTE_INT(ModuloAttrs, truncate)}},
    {op_code::compare, {MOTE_INT(CompareAttrs, kind)}},
    {op_code::logical, {MOTE_INT(LogicalAttrs, kind)}},
    {op_code::math, {MOTE_INT(MathAttrs, kind)}},
    {op_code::fake_quant,
     {MOTE_REAL(FakeQuantAttrs, min), MOTE_REAL(FakeQuantAttrs, max),
      MOTE_INT(FakeQuantAttrs, bits), MOTE_INT(FakeQuantAttrs, narrow_range)}},
    {op_code::cum_sum,
     {MOTE_INT(CumSumAttrs, axis), MOTE_INT(CumSumAttrs, exclusive),
      MOTE_INT(CumSumAttrs, reverse)}},
    {op_code::top_k,
     {MOTE_INT(TopKAttrs, axis), MOTE_INT(TopKAttrs, k), MOTE_INT(TopKAttrs, smallest)}},
    {op_code::dynamic_slice, {MOTE_INT(SizesAttrs, count), MOTE_INTS(SizesAttrs, sizes)}},
    {op_code::tile, {MOTE_INT(SizesAttrs, count), MOTE_INTS(SizesAttrs, sizes)}},
    {op_code::reverse, {MOTE_INT(AxesAttrs, count), MOTE_INTS(AxesAttrs, axes)}},
    {op_code::reverse_sequence,
     {MOTE_INT(ReverseSequenceAttrs, batch_axis), MOTE_INT(ReverseSequenceAttrs, sequence_axis)}},
    {op_code::gather_nd, {MOTE_INT(GatherNdAttrs, batch_dims)}},
    {op_code::gather_elements, {MOTE_INT(GatherElementsAttrs, axis)}},
    {op_code::scatter_nd, {MOTE_INT(ScatterAttrs, axis), MOTE_INT(ScatterAttrs, reduction)}},
    {op_code::scatter_elements, {MOTE_INT(ScatterAttrs, axis), MOTE_INT(ScatterAttrs, reduction)}},
    {op_code::one_hot, {MOTE_INT(OneHotAttrs, axis), MOTE_INT(OneHotAttrs, depth)}},
    {op_code::trilu, {MOTE_INT(TriluAttrs, upper), MOTE_INT(TriluAttrs, diagonal)}},
    {op_code::non_max_suppression,
     {MOTE_INT(NonMaxSuppressionAttrs, max_outputs),
      MOTE_REAL(NonMaxSuppressionAttrs, iou_threshold),
      MOTE_REAL(NonMaxSuppressionAttrs, score_threshold),
      MOTE_REAL(NonMaxSuppressionAttrs, soft_sigma),
      MOTE_INT(NonMaxSuppressionAttrs, center_point_box)}},
    {op_code::detection_postprocess,
     {MOTE_INT(DetectionPostprocessAttrs, max_detections),
      MOTE_INT(DetectionPostprocessAttrs, classes),
      MOTE_INT(DetectionPostprocessAttrs, max_classes_per_detection),
      MOTE_INT(DetectionPostprocessAttrs, detections_per_class),
      MOTE_INT(DetectionPostprocessAttrs, regular_nms),
      MOTE_REAL(DetectionPostprocessAttrs, score_threshold),
      MOTE_REAL(DetectionPostprocessAttrs, iou_threshold),
      MOTE_REAL(DetectionPostprocessAttrs, y_scale), MOTE_REAL(DetectionPostprocessAttrs, x_scale),
      MOTE_REAL(DetectionPostprocessAttrs, h_scale),
      MOTE_REAL(DetectionPostprocessAttrs, w_scale)}},
    {op_code::if_else, {MOTE_INT(ControlAttrs, max_steps)}},
    {op_code::while_loop, {MOTE_INT(ControlAttrs, max_steps)}},
    {op_code::call, {MOTE_INT(ControlAttrs, max_steps)}},
    {op_code::softmax_cross_entropy,
     {MOTE_REAL(SoftmaxCrossEntropyAttrs, label_smoothing),
      MOTE_INT(SoftmaxCrossEntropyAttrs, ignore_index)}},
    {op_code::dropout_mask,
     {MOTE_REAL(DropoutMaskAttrs, rate), MOTE_BITS(DropoutMaskAttrs, stream)}},
    {op_code::sgd, {MOTE_INT(OptimizerAttrs, nesterov), MOTE_INT(OptimizerAttrs, decoupled)}},
    {op_code::adam, {MOTE_INT(OptimizerAttrs, nesterov), MOTE_INT(OptimizerAttrs, decoupled)}},
    {op_code::batch_norm,
     {MOTE_REAL(BatchNormAttrs, epsilon), MOTE_REAL(BatchNormAttrs, momentum),
      MOTE_INT(BatchNormAttrs, frozen)}},
    {op_code::batch_norm_train,
     {MOTE_REAL(BatchNormAttrs, epsilon), MOTE_REAL(BatchNormAttrs, momentum),
      MOTE_INT(BatchNormAttrs, frozen)}},
    {op_code::batch_norm_grad,
     {MOTE_REAL(BatchNormAttrs, epsilon), MOTE_REAL(BatchNormAttrs, momentum),
      MOTE_INT(BatchNormAttrs, frozen)}},
    {op_code::batch_norm_fold,
     {MOTE_REAL(BatchNormAttrs, epsilon), MOTE_REAL(BatchNormAttrs, momentum),
      MOTE_INT(BatchNormAttrs, frozen)}},
};

std::vector<Field> fields_of(uint16_t op) {
  auto it = kFields.find(op);
  return it == kFields.end() ? std::vector<Field>{} : it->second;
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
