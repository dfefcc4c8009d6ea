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
  return file::CreateActivation(b, static_cast<file::ActivationKind>(a.kind));
}
auto write(Builder& b, const GatherAttrs& a) { return file::CreateGather(b, a.axis, a.batch_dims); }
auto write(Builder& b, const ArgMaxAttrs& a) {
  return file::CreateArgMax(b, a.axis, a.keep_dims != 0);
}
auto write(Builder& b, const ResizeBilinearAttrs& a) {
  return file::CreateResizeBilinear(b, a.out_h, a.out_w, static_cast<file::CoordinateMode>(a.mode));
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

template <class Attrs, class Table>
std::optional<WrittenAttributes> written(Builder& b, const ir::Node& node) {
  if (node.attributes.size() != sizeof(Attrs)) return std::nullopt;
  flatbuffers::Offset<Table> table = write(b, node.attrs<Attrs>());
  return WrittenAttributes{file::AttributesTraits<Table>::enum_value, table.Union()};
}

}  // namespace

std::optional<WrittenAttributes> write_attributes(Builder& b, const ir::Node& node) {
  switch (node.op) {
    case op_code::conv2d:
    case op_code::transpose_conv2d:
    case op_code::conv2d_weight_grad:
      return written<Conv2dAttrs, file::Conv2d>(b, node);
    case op_code::depthwise_conv2d:
    case op_code::depthwise_conv2d_input_grad:
    case op_code::depthwise_conv2d_weight_grad:
      return written<DepthwiseConv2dAttrs, file::DepthwiseConv2d>(b, node);
    case op_code::fully_connected:
      return written<FullyConnectedAttrs, file::FullyConnected>(b, node);
    case op_code::softmax:
      return written<SoftmaxAttrs, file::Softmax>(b, node);
    case op_code::max_pool2d:
    case op_code::avg_pool2d:
    case op_code::max_pool2d_grad:
    case op_code::avg_pool2d_grad:
      return written<Pool2dAttrs, file::Pool2d>(b, node);
    case op_code::resize_bilinear:
    case op_code::resize_bilinear_grad:
      return written<ResizeBilinearAttrs, file::ResizeBilinear>(b, node);
    case op_code::add:
    case op_code::sub:
    case op_code::mul:
      return written<BinaryAttrs, file::Binary>(b, node);
    case op_code::activation:
    case op_code::activation_grad:
      return written<ActivationAttrs, file::Activation>(b, node);
    case op_code::reduce:
      return written<ReduceAttrs, file::Reduce>(b, node);
    case op_code::arg_max:
      return written<ArgMaxAttrs, file::ArgMax>(b, node);
    case op_code::reshape:
      return written<ReshapeAttrs, file::Reshape>(b, node);
    case op_code::transpose:
      return written<TransposeAttrs, file::Transpose>(b, node);
    case op_code::concat:
      return written<ConcatAttrs, file::Concat>(b, node);
    case op_code::strided_slice:
      return written<StridedSliceAttrs, file::StridedSlice>(b, node);
    case op_code::pad:
      return written<PadAttrs, file::Pad>(b, node);
    case op_code::gather:
    case op_code::gather_grad:
      return written<GatherAttrs, file::Gather>(b, node);
    case op_code::batch_norm:
    case op_code::batch_norm_train:
    case op_code::batch_norm_grad:
    case op_code::batch_norm_fold:
      return written<BatchNormAttrs, file::BatchNorm>(b, node);
    case op_code::batch_matmul:
      return written<BatchMatmulAttrs, file::BatchMatmul>(b, node);
    case op_code::softmax_cross_entropy:
      return written<SoftmaxCrossEntropyAttrs, file::SoftmaxCrossEntropy>(b, node);
    case op_code::dropout_mask:
      return written<DropoutMaskAttrs, file::DropoutMask>(b, node);
    case op_code::sgd:
    case op_code::adam:
      return written<OptimizerAttrs, file::Optimizer>(b, node);
    case op_code::broadcast_to:
    case op_code::mse:
    case op_code::require_finite:
    case op_code::cast:
    case op_code::quantize:
    case op_code::dequantize:
    case op_code::requantize:
    case op_code::read_state:
    case op_code::assign_state:
      return WrittenAttributes{file::Attributes::NoAttributes, file::CreateNoAttributes(b).Union()};
    default:
      return std::nullopt;
  }
}

}  // namespace mote
