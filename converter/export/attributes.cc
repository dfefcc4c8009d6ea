#include "export/attributes.h"

#include "train/attributes.h"

namespace mote {
namespace {

using Builder = flatbuffers::FlatBufferBuilder;
using Ints = flatbuffers::Offset<flatbuffers::Vector<int32_t>>;

file::FusedActivation fused(int32_t activation) {
  return static_cast<file::FusedActivation>(activation);
}

// A corrupt count must not reach beyond the array; the loader refuses what it would have meant.
Ints ints(Builder& b, const int32_t* values, int32_t count) {
  size_t n = count < 0 ? 0 : count > kMaxRank ? kMaxRank : static_cast<size_t>(count);
  return b.CreateVector(values, n);
}

auto write(Builder& b, const Conv2dAttrs& a) {
  return file::CreateConv2d(b, a.stride_h, a.stride_w, a.dilation_h, a.dilation_w, a.pad_top,
                            a.pad_left, a.pad_bottom, a.pad_right, a.groups, fused(a.activation));
}
auto write(Builder& b, const DepthwiseConv2dAttrs& a) {
  return file::CreateDepthwiseConv2d(b, a.stride_h, a.stride_w, a.dilation_h, a.dilation_w,
                                     a.pad_top, a.pad_left, a.pad_bottom, a.pad_right, a.multiplier,
                                     fused(a.activation));
}
auto write(Builder& b, const FullyConnectedAttrs& a) {
  return file::CreateFullyConnected(b, fused(a.activation));
}
auto write(Builder& b, const BinaryAttrs& a) {
  return file::CreateBinary(b, fused(a.activation), a.requantize_scale);
}
auto write(Builder& b, const Pool2dAttrs& a) {
  return file::CreatePool2d(b, a.window_h, a.window_w, a.stride_h, a.stride_w, a.pad_top,
                            a.pad_left, a.pad_bottom, a.pad_right, a.count_include_pad != 0,
                            fused(a.activation), a.round_half_up != 0);
}
auto write(Builder& b, const ReduceAttrs& a) {
  return file::CreateReduce(b, static_cast<file::ReduceKind>(a.kind), ints(b, a.axes, a.axis_count),
                            a.keep_dims != 0, a.requantize_scale);
}
auto write(Builder& b, const PadAttrs& a) {
  Ints before = ints(b, a.before, a.count), after = ints(b, a.after, a.count);
  return file::CreatePad(b, static_cast<file::PadMode>(a.mode), before, after, a.value);
}
auto write(Builder& b, const ReshapeAttrs& a) {
  return file::CreateReshape(b, ints(b, a.shape, a.count));
}
auto write(Builder& b, const TransposeAttrs& a) {
  return file::CreateTranspose(b, ints(b, a.permutation, a.count));
}
auto write(Builder& b, const ConcatAttrs& a) {
  return file::CreateConcat(b, a.axis, fused(a.activation));
}
auto write(Builder& b, const StridedSliceAttrs& a) {
  Ints begin = ints(b, a.begin, a.count), end = ints(b, a.end, a.count),
       strides = ints(b, a.strides, a.count);
  return file::CreateStridedSlice(b, begin, end, strides, a.begin_mask, a.end_mask, a.shrink_mask);
}
auto write(Builder& b, const SoftmaxAttrs& a) { return file::CreateSoftmax(b, a.beta); }
auto write(Builder& b, const ActivationAttrs& a) {
  return file::CreateActivation(b, static_cast<file::ActivationKind>(a.kind), a.alpha, a.beta);
}
auto write(Builder& b, const GatherAttrs& a) { return file::CreateGather(b, a.axis, a.batch_dims); }
auto write(Builder& b, const ArgMaxAttrs& a) {
  return file::CreateArgMax(b, a.axis, a.keep_dims != 0, a.select_last != 0);
}
auto write(Builder& b, const ResizeBilinearAttrs& a) {
  return file::CreateResizeBilinear(b, a.out_h, a.out_w, static_cast<file::CoordinateMode>(a.mode),
                                    a.scale_h, a.scale_w);
}

auto write(Builder& b, const BatchNormAttrs& a) {
  return file::CreateBatchNorm(b, a.epsilon, a.momentum, a.frozen != 0);
}
auto write(Builder& b, const BatchMatmulAttrs& a) {
  return file::CreateBatchMatmul(b, a.transpose_a != 0, a.transpose_b != 0);
}
auto write(Builder& b, const SoftmaxCrossEntropyAttrs& a) {
  return file::CreateSoftmaxCrossEntropy(b, a.label_smoothing, a.ignore_index);
}
auto write(Builder& b, const DropoutMaskAttrs& a) {
  return file::CreateDropoutMask(b, a.rate, a.stream);
}
auto write(Builder& b, const OptimizerAttrs& a) {
  return file::CreateOptimizer(b, a.nesterov != 0, a.decoupled != 0);
}

auto write(Builder& b, const Conv3dAttrs& a) {
  return file::CreateConv3d(b, a.stride_d, a.stride_h, a.stride_w, a.dilation_d, a.dilation_h,
                            a.dilation_w, a.pad_front, a.pad_top, a.pad_left, a.pad_back,
                            a.pad_bottom, a.pad_right, a.groups, fused(a.activation));
}
auto write(Builder& b, const RecurrentAttrs& a) {
  size_t n = a.scale_count == kMoteRecurrentScales ? kMoteRecurrentScales : 0;
  return file::CreateRecurrent(
      b, a.reverse != 0, a.time_major != 0, a.gate_activation, a.cell_activation,
      a.output_activation, a.gate_alpha, a.gate_beta, a.cell_alpha, a.cell_beta, a.output_alpha,
      a.output_beta, a.clip, a.cell_clip, a.projection_clip, a.coupling, a.linear_before_reset != 0,
      a.hidden_zero_point, b.CreateVector(a.scales, n));
}
auto write(Builder& b, const SvdfAttrs& a) {
  return file::CreateSvdf(b, a.rank, fused(a.activation), a.feature_scale, a.time_scale);
}
auto write(Builder& b, const AttentionAttrs& a) {
  return file::CreateAttention(b, a.scale, a.softcap, static_cast<uint8_t>(a.causal));
}
auto write(Builder& b, const RotaryEmbeddingAttrs& a) {
  return file::CreateRotaryEmbedding(b, a.interleaved != 0);
}
auto write(Builder& b, const NormalizeAttrs& a) {
  return file::CreateNormalize(b, a.axis_count, a.groups, a.epsilon);
}
auto write(Builder& b, const LocalResponseNormAttrs& a) {
  return file::CreateLocalResponseNorm(b, a.before, a.after, a.alpha, a.beta, a.bias);
}
auto write(Builder& b, const ResizeNearestAttrs& a) {
  return file::CreateResizeNearest(b, a.out_h, a.out_w, a.mode, a.rounding, a.scale_h, a.scale_w);
}
auto write(Builder& b, const GridSampleAttrs& a) {
  return file::CreateGridSample(b, a.mode, a.padding, a.align_corners != 0);
}
auto write(Builder& b, const RoiAlignAttrs& a) {
  return file::CreateRoiAlign(b, a.out_h, a.out_w, a.mode, a.sampling_ratio, a.half_pixel != 0,
                              a.spatial_scale);
}
auto write(Builder& b, const ModuloAttrs& a) { return file::CreateModulo(b, a.truncate != 0); }
auto write(Builder& b, const CompareAttrs& a) { return file::CreateCompare(b, a.kind); }
auto write(Builder& b, const LogicalAttrs& a) { return file::CreateLogical(b, a.kind); }
auto write(Builder& b, const MathAttrs& a) { return file::CreateMath(b, a.kind); }
auto write(Builder& b, const FakeQuantAttrs& a) {
  return file::CreateFakeQuant(b, a.min, a.max, a.bits, a.narrow_range != 0);
}
auto write(Builder& b, const CumSumAttrs& a) {
  return file::CreateCumSum(b, a.axis, a.exclusive != 0, a.reverse != 0);
}
auto write(Builder& b, const TopKAttrs& a) {
  return file::CreateTopK(b, a.axis, a.k, a.smallest != 0);
}
auto write(Builder& b, const SizesAttrs& a) {
  return file::CreateSizes(b, ints(b, a.sizes, a.count));
}
auto write(Builder& b, const AxesAttrs& a) { return file::CreateAxes(b, ints(b, a.axes, a.count)); }
auto write(Builder& b, const ReverseSequenceAttrs& a) {
  return file::CreateReverseSequence(b, a.batch_axis, a.sequence_axis);
}
auto write(Builder& b, const GatherNdAttrs& a) { return file::CreateGatherNd(b, a.batch_dims); }
auto write(Builder& b, const GatherElementsAttrs& a) {
  return file::CreateGatherElements(b, a.axis);
}
auto write(Builder& b, const ScatterAttrs& a) {
  return file::CreateScatter(b, a.axis, a.reduction);
}
auto write(Builder& b, const OneHotAttrs& a) { return file::CreateOneHot(b, a.axis, a.depth); }
auto write(Builder& b, const TriluAttrs& a) {
  return file::CreateTrilu(b, a.upper != 0, a.diagonal);
}
auto write(Builder& b, const NonMaxSuppressionAttrs& a) {
  return file::CreateNonMaxSuppression(b, a.max_outputs, a.iou_threshold, a.score_threshold,
                                       a.soft_sigma, a.center_point_box != 0);
}
auto write(Builder& b, const DetectionPostprocessAttrs& a) {
  return file::CreateDetectionPostprocess(b, a.max_detections, a.classes,
                                          a.max_classes_per_detection, a.detections_per_class,
                                          a.regular_nms != 0, a.score_threshold, a.iou_threshold,
                                          a.y_scale, a.x_scale, a.h_scale, a.w_scale);
}
auto write(Builder& b, const ControlAttrs& a) { return file::CreateControl(b, a.max_steps); }

template <class Attrs, class Table>
std::optional<WrittenAttributes> written(Builder& b, const ir::Node& node) {
  if (node.attributes.size() != sizeof(Attrs)) return std::nullopt;
  flatbuffers::Offset<Table> table = write(b, node.attrs<Attrs>());
  return WrittenAttributes{file::AttributesTraits<Table>::enum_value, table.Union()};
}

std::optional<WrittenAttributes> without_attributes(Builder& b, const ir::Node&) {
  return WrittenAttributes{file::Attributes::NoAttributes, file::CreateNoAttributes(b).Union()};
}

struct Row {
  uint16_t op;
  std::optional<WrittenAttributes> (*write)(Builder&, const ir::Node&);
};
constexpr Row kRows[] = {
    {op_code::conv2d, written<Conv2dAttrs, file::Conv2d>},
    {op_code::transpose_conv2d, written<Conv2dAttrs, file::Conv2d>},
    {op_code::conv2d_weight_grad, written<Conv2dAttrs, file::Conv2d>},
    {op_code::depthwise_conv2d, written<DepthwiseConv2dAttrs, file::DepthwiseConv2d>},
    {op_code::depthwise_conv2d_input_grad, written<DepthwiseConv2dAttrs, file::DepthwiseConv2d>},
    {op_code::depthwise_conv2d_weight_grad, written<DepthwiseConv2dAttrs, file::DepthwiseConv2d>},
    {op_code::fully_connected, written<FullyConnectedAttrs, file::FullyConnected>},
    {op_code::softmax, written<SoftmaxAttrs, file::Softmax>},
    {op_code::log_softmax, written<SoftmaxAttrs, file::Softmax>},
    {op_code::max_pool2d, written<Pool2dAttrs, file::Pool2d>},
    {op_code::avg_pool2d, written<Pool2dAttrs, file::Pool2d>},
    {op_code::max_pool2d_grad, written<Pool2dAttrs, file::Pool2d>},
    {op_code::avg_pool2d_grad, written<Pool2dAttrs, file::Pool2d>},
    {op_code::l2_pool2d, written<Pool2dAttrs, file::Pool2d>},
    {op_code::resize_bilinear, written<ResizeBilinearAttrs, file::ResizeBilinear>},
    {op_code::resize_bilinear_grad, written<ResizeBilinearAttrs, file::ResizeBilinear>},
    {op_code::add, written<BinaryAttrs, file::Binary>},
    {op_code::sub, written<BinaryAttrs, file::Binary>},
    {op_code::mul, written<BinaryAttrs, file::Binary>},
    {op_code::div, written<BinaryAttrs, file::Binary>},
    {op_code::minimum, written<BinaryAttrs, file::Binary>},
    {op_code::maximum, written<BinaryAttrs, file::Binary>},
    {op_code::pow, written<BinaryAttrs, file::Binary>},
    {op_code::squared_difference, written<BinaryAttrs, file::Binary>},
    {op_code::floor_div, written<BinaryAttrs, file::Binary>},
    {op_code::activation, written<ActivationAttrs, file::Activation>},
    {op_code::activation_grad, written<ActivationAttrs, file::Activation>},
    {op_code::reduce, written<ReduceAttrs, file::Reduce>},
    {op_code::arg_max, written<ArgMaxAttrs, file::ArgMax>},
    {op_code::arg_min, written<ArgMaxAttrs, file::ArgMax>},
    {op_code::reshape, written<ReshapeAttrs, file::Reshape>},
    {op_code::transpose, written<TransposeAttrs, file::Transpose>},
    {op_code::concat, written<ConcatAttrs, file::Concat>},
    {op_code::strided_slice, written<StridedSliceAttrs, file::StridedSlice>},
    {op_code::pad, written<PadAttrs, file::Pad>},
    {op_code::gather, written<GatherAttrs, file::Gather>},
    {op_code::gather_grad, written<GatherAttrs, file::Gather>},
    {op_code::batch_norm, written<BatchNormAttrs, file::BatchNorm>},
    {op_code::batch_norm_train, written<BatchNormAttrs, file::BatchNorm>},
    {op_code::batch_norm_grad, written<BatchNormAttrs, file::BatchNorm>},
    {op_code::batch_norm_fold, written<BatchNormAttrs, file::BatchNorm>},
    {op_code::batch_matmul, written<BatchMatmulAttrs, file::BatchMatmul>},
    {op_code::conv3d, written<Conv3dAttrs, file::Conv3d>},
    {op_code::lstm, written<RecurrentAttrs, file::Recurrent>},
    {op_code::gru, written<RecurrentAttrs, file::Recurrent>},
    {op_code::rnn, written<RecurrentAttrs, file::Recurrent>},
    {op_code::svdf, written<SvdfAttrs, file::Svdf>},
    {op_code::attention, written<AttentionAttrs, file::Attention>},
    {op_code::rotary_embedding, written<RotaryEmbeddingAttrs, file::RotaryEmbedding>},
    {op_code::layer_norm, written<NormalizeAttrs, file::Normalize>},
    {op_code::rms_norm, written<NormalizeAttrs, file::Normalize>},
    {op_code::group_norm, written<NormalizeAttrs, file::Normalize>},
    {op_code::l2_normalize, written<NormalizeAttrs, file::Normalize>},
    {op_code::local_response_norm, written<LocalResponseNormAttrs, file::LocalResponseNorm>},
    {op_code::resize_nearest, written<ResizeNearestAttrs, file::ResizeNearest>},
    {op_code::grid_sample, written<GridSampleAttrs, file::GridSample>},
    {op_code::roi_align, written<RoiAlignAttrs, file::RoiAlign>},
    {op_code::floor_mod, written<ModuloAttrs, file::Modulo>},
    {op_code::compare, written<CompareAttrs, file::Compare>},
    {op_code::logical, written<LogicalAttrs, file::Logical>},
    {op_code::math, written<MathAttrs, file::Math>},
    {op_code::fake_quant, written<FakeQuantAttrs, file::FakeQuant>},
    {op_code::cum_sum, written<CumSumAttrs, file::CumSum>},
    {op_code::top_k, written<TopKAttrs, file::TopK>},
    {op_code::dynamic_slice, written<SizesAttrs, file::Sizes>},
    {op_code::tile, written<SizesAttrs, file::Sizes>},
    {op_code::reverse, written<AxesAttrs, file::Axes>},
    {op_code::reverse_sequence, written<ReverseSequenceAttrs, file::ReverseSequence>},
    {op_code::gather_nd, written<GatherNdAttrs, file::GatherNd>},
    {op_code::gather_elements, written<GatherElementsAttrs, file::GatherElements>},
    {op_code::scatter_nd, written<ScatterAttrs, file::Scatter>},
    {op_code::scatter_elements, written<ScatterAttrs, file::Scatter>},
    {op_code::one_hot, written<OneHotAttrs, file::OneHot>},
    {op_code::trilu, written<TriluAttrs, file::Trilu>},
    {op_code::non_max_suppression, written<NonMaxSuppressionAttrs, file::NonMaxSuppression>},
    {op_code::detection_postprocess,
     written<DetectionPostprocessAttrs, file::DetectionPostprocess>},
    {op_code::if_else, written<ControlAttrs, file::Control>},
    {op_code::while_loop, written<ControlAttrs, file::Control>},
    {op_code::call, written<ControlAttrs, file::Control>},
    {op_code::softmax_cross_entropy, written<SoftmaxCrossEntropyAttrs, file::SoftmaxCrossEntropy>},
    {op_code::dropout_mask, written<DropoutMaskAttrs, file::DropoutMask>},
    {op_code::sgd, written<OptimizerAttrs, file::Optimizer>},
    {op_code::adam, written<OptimizerAttrs, file::Optimizer>},
    {op_code::broadcast_to, without_attributes},
    {op_code::prelu, without_attributes},
    {op_code::select, without_attributes},
    {op_code::dynamic_quantize, without_attributes},
    {op_code::dynamic_update_slice, without_attributes},
    {op_code::shape_of, without_attributes},
    {op_code::mse, without_attributes},
    {op_code::require_finite, without_attributes},
    {op_code::cast, without_attributes},
    {op_code::quantize, without_attributes},
    {op_code::dequantize, without_attributes},
    {op_code::requantize, without_attributes},
    {op_code::read_state, without_attributes},
    {op_code::assign_state, without_attributes},
};

}  // namespace

std::optional<WrittenAttributes> write_attributes(Builder& b, const ir::Node& node) {
  for (const Row& row : kRows)
    if (row.op == node.op) return row.write(b, node);
  return std::nullopt;
}

}  // namespace mote
