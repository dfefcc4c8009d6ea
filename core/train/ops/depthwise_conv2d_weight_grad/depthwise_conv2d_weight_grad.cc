// The gradient of depthwise_conv2d's weights (NUMERICS.md, 14.3).
#include "kernels/depthwise/gradients.h"
#include "mote_generated.h"
#include "ops/op_codes.h"
#include "train/ops/depthwise_conv2d_weight_grad/reference.h"

namespace mote {
namespace {

using Attrs = DepthwiseConv2dAttrs;

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::DepthwiseConv2d*>(table);
  auto& out = *static_cast<Attrs*>(attrs);
  read_conv_window(in, out);
  out.multiplier = in.multiplier();
  return {};
}

Status check(const OpView& v) {
  const auto& a = v.attributes<Attrs>();
  MOTE_TRY(check_conv_window(a));
  MOTE_TRY(check_attribute("activation", a.activation, kMoteActivationNone, kMoteActivationNone));
  MOTE_TRY(check_all_f32(v));
  MOTE_TRY(check_rank(v.in(0), 4));
  MOTE_TRY(check_rank(v.in(kGradInput), 4));
  MOTE_TRY(check_depthwise_weights(v.in(kGradWeights), a.multiplier));
  const Dim* weights = v.in(kGradWeights).bounds.dims;
  MOTE_TRY(check_dim(v.in(0), 3, weights[3].max / a.multiplier));
  return check_dim(v.in(kGradInput), 3, weights[3].max);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  out[0] = in[kGradWeights];
  MOTE_TRY(check_meets(in[0].dims[0], in[kGradInput].dims[0]));
  return check_conv_places(v.attributes<Attrs>(), in[kGradWeights], in[0], in[kGradInput]);
}

int64_t work(const OpView& v) {
  return backward_work(v.in(kGradInput).bounds, v.in(kGradWeights).bounds, 1);
}

bool accepts(const OpView& v) { return is_f32(v) && v.attributes<Attrs>().multiplier == 1; }

Status prepare(PrepareContext& ctx) {
  const OpView& v = ctx.view;
  ctx.shared_scratch_bytes = depthwise_weight_grad_bytes(largest_weight_grad_window<Attrs>(v));
  return {};
}
DepthwiseWeightGradOperands operands(const KernelCall& call) {
  return {call.in(0).as<float>(), call.in(kGradInput).as<float>(), call.out().as<float>(),
          reinterpret_cast<float*>(call.shared_scratch)};
}
uint32_t tiles(const KernelCall& call) {
  return depthwise_weight_grad_parts(weight_grad_window<Attrs>(call));
}
template <DepthwiseGradKernel kKernel>
void run(const KernelCall& call, uint32_t tile, uint32_t) {
  run_depthwise_weight_grad(kKernel, weight_grad_window<Attrs>(call), operands(call), tile);
}
void sum(const KernelCall& call, uint32_t, uint32_t) {
  sum_depthwise_weight_grad(weight_grad_window<Attrs>(call), operands(call));
}

constexpr Kernel kKernels[] = {
#include "train/ops/depthwise_conv2d_weight_grad/kernels.inc"
};

}  // namespace

extern const Operator depthwise_conv2d_weight_grad_operator;
extern const Kernel depthwise_conv2d_weight_grad_f64;

const Operator depthwise_conv2d_weight_grad_operator = {
    .code = op_code::depthwise_conv2d_weight_grad,
    .name = "depthwise_conv2d_weight_grad",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::DepthwiseConv2d),
    .attributes_bytes = sizeof(Attrs),
    .min_inputs = 3,
    .max_inputs = 3,
    .shape_inputs = 1 << kGradWeights,
    .read = read,
    .check = check,
    .shape = shape,
    .work = work,
    .kernels = kKernels,
};

const Kernel depthwise_conv2d_weight_grad_f64 = {
    .name = "depthwise_conv2d_weight_grad_f64_reference",
    .reference = true,
    .accepts = is_f64,
    .tiles = depthwise_conv2d_weight_grad_reference_tiles,
    .run = depthwise_conv2d_weight_grad_reference<double>};

}  // namespace mote
