// The gradient of depthwise_conv2d's input (NUMERICS.md, 14.2).
#include "kernels/depthwise/gradients.h"
#include "mote_generated.h"
#include "ops/op_codes.h"
#include "train/ops/depthwise_conv2d_input_grad/reference.h"

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
  MOTE_TRY(check_depthwise_weights(v.in(kWeightsInput), a.multiplier));
  MOTE_TRY(check_rank(v.in(kGradX), 4));
  MOTE_TRY(check_dim(v.in(0), 3, weights_dim(v, 3)));
  return check_dim(v.in(kGradX), 3, weights_dim(v, 3) / a.multiplier);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  out[0] = in[kGradX];
  MOTE_TRY(check_meets(in[kGradX].dims[0], in[0].dims[0]));
  return check_conv_places(v.attributes<Attrs>(), in[kWeightsInput], in[kGradX], in[0]);
}

int64_t work(const OpView& v) {
  return backward_work(v.out().bounds, v.in(kWeightsInput).bounds,
                       v.attributes<Attrs>().multiplier);
}

bool accepts(const OpView& v) {
  const auto& a = v.attributes<Attrs>();
  return is_f32(v) && a.multiplier == 1 &&
         can_transpose_axis(weights_dim(v, 1), a.stride_h, a.dilation_h) &&
         can_transpose_axis(weights_dim(v, 2), a.stride_w, a.dilation_w);
}
Status prepare(PrepareContext& ctx) {
  int64_t taps = int64_t{weights_dim(ctx.view, 1)} * weights_dim(ctx.view, 2);
  ctx.scratch_bytes = depthwise_f32_scratch_bytes(taps);
  return {};
}
uint32_t tiles(const KernelCall& call) {
  return depthwise_input_grad_pieces(depthwise_input_grad_window(call));
}
template <DepthwiseF32Kernel kKernel>
void run(const KernelCall& call, uint32_t tile, uint32_t worker) {
  run_depthwise_input_grad(kKernel, depthwise_input_grad_window(call),
                           {call.in(0).as<float>(), call.in(kWeightsInput).as<float>(),
                            call.out().as<float>(), call.scratch + worker * call.scratch_stride},
                           tile);
}

constexpr Kernel kKernels[] = {
#include "train/ops/depthwise_conv2d_input_grad/kernels.inc"
};

}  // namespace

extern const Operator depthwise_conv2d_input_grad_operator;
extern const Kernel depthwise_conv2d_input_grad_f64;

const Operator depthwise_conv2d_input_grad_operator = {
    .code = op_code::depthwise_conv2d_input_grad,
    .name = "depthwise_conv2d_input_grad",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::DepthwiseConv2d),
    .attributes_bytes = sizeof(Attrs),
    .min_inputs = 3,
    .max_inputs = 3,
    .shape_inputs = 1 << kGradX,
    .read = read,
    .check = check,
    .shape = shape,
    .work = work,
    .kernels = kKernels,
};

const Kernel depthwise_conv2d_input_grad_f64 = {
    .name = "depthwise_conv2d_input_grad_f64_reference",
    .reference = true,
    .accepts = is_f64,
    .tiles = depthwise_conv2d_input_grad_reference_tiles,
    .run = depthwise_conv2d_input_grad_reference<double>};

}  // namespace mote
