// Convolution of each channel by itself (NUMERICS.md, 3.2).
#include "kernels/depthwise/depthwise.h"
#include "mote_generated.h"
#include "ops/depthwise_conv2d/reference.h"
#include "ops/op_codes.h"

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
  MOTE_TRY(check_rank(v.in(0), 4));
  MOTE_TRY(check_weighted(v, 4, 3));
  MOTE_TRY(check_terms(v, 1, 2));
  if (weights_dim(v, 0) != 1) return error(Code::operand_shape, 1, weights_dim(v, 0));
  MOTE_TRY(check_attribute("multiplier", a.multiplier, 1, weights_dim(v, 3)));
  if (weights_dim(v, 3) % a.multiplier != 0)
    return error(Code::shape_incompatible, weights_dim(v, 3), a.multiplier);
  return check_x_dim(v, 3, weights_dim(v, 3) / a.multiplier);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  return conv_shape(v, v.attributes<Attrs>(), weights_dim(v, 3), in[0], &out[0]);
}

int64_t taps(const OpView& v) { return int64_t{weights_dim(v, 1)} * weights_dim(v, 2); }
int64_t work(const OpView& v) { return weighted_work(v, taps(v)); }

// Weights packed by the plan, or in each run.
template <bool kOnce>
bool accepts_s8(const OpView& v) {
  bool constant = constant_or_absent(v, kWeightsInput) && constant_or_absent(v, kBiasInput);
  return is_s8(v) && v.attributes<Attrs>().multiplier == 1 && constant == kOnce;
}
bool accepts_f32(const OpView& v) { return is_f32(v) && v.attributes<Attrs>().multiplier == 1; }

struct Params {
  DepthwisePlan plan;
  const DepthwiseS8Kernel* s8;
  DepthwiseF32Kernel f32;
  RequantizeRange range;
  RealRange real_range;
};

Status prepare(PrepareContext& ctx, Params** out) {
  *out = ctx.allocate<Params>();
  if (*out == nullptr) return error(Code::out_of_memory, 0, sizeof(Params));
  ctx.params = *out;
  return {};
}

template <auto& kKernel, bool kOnce>
Status prepare_s8(PrepareContext& ctx) {
  const OpView& v = ctx.view;
  Params* p = nullptr;
  MOTE_TRY(prepare(ctx, &p));
  ctx.scratch_bytes = depthwise_s8_scratch_bytes(taps(v));
  if (!make_depthwise_plan(kKernel, taps(v), weights_dim(v, 3), &p->plan))
    return error(Code::out_of_memory, 0, v.in(kWeightsInput).max_bytes);
  (kOnce ? ctx.packed_bytes : ctx.shared_scratch_bytes) = p->plan.bytes;
  p->s8 = &kKernel;
  p->range = weighted_range(v, v.attributes<Attrs>().activation);
  return {};
}

template <DepthwiseF32Kernel kKernel>
Status prepare_f32(PrepareContext& ctx) {
  Params* p = nullptr;
  MOTE_TRY(prepare(ctx, &p));
  ctx.scratch_bytes = depthwise_f32_scratch_bytes(taps(ctx.view));
  p->f32 = kKernel;
  p->real_range = real_activation_range(ctx.view.attributes<Attrs>().activation);
  return {};
}

void pack_s8(const OpView& v, const int8_t* weights, const int32_t* bias, const void* params,
             void* packed) {
  const auto& p = *static_cast<const Params*>(params);
  pack_depthwise_s8(
      p.plan, *p.s8,
      {weights, v.in(kWeightsInput).quantization.zero_point(),
       static_cast<int8_t>(v.in(0).quantization.zero_point()), bias, channel_scale(v)},
      packed);
}
void pack_once_s8(const OpView& v, const void* params, void* packed) {
  pack_s8(v, constant_data<int8_t>(v, kWeightsInput), constant_data<int32_t>(v, kBiasInput), params,
          packed);
}
void pack_each_run_s8(const KernelCall& call, uint32_t, uint32_t) {
  pack_s8(*call.view, call.in(kWeightsInput).as<int8_t>(),
          operand_or_null<int32_t>(call, kBiasInput), call.params, call.shared_scratch);
}

uint32_t tiles(const KernelCall& call) { return depthwise_pieces(conv_window<Attrs>(call)); }

void run_s8(const KernelCall& call, uint32_t tile, uint32_t worker) {
  const auto& p = *static_cast<const Params*>(call.params);
  run_depthwise_s8(p.plan, *p.s8, conv_window<Attrs>(call),
                   {call.in(0).as<int8_t>(), call.out().as<int8_t>(),
                    call.packed != nullptr ? call.packed : call.shared_scratch,
                    call.scratch + worker * call.scratch_stride, p.range},
                   tile);
}

void run_f32(const KernelCall& call, uint32_t tile, uint32_t worker) {
  const auto& p = *static_cast<const Params*>(call.params);
  run_depthwise_f32(p.f32, conv_window<Attrs>(call),
                    {call.in(0).as<float>(), call.in(kWeightsInput).as<float>(),
                     operand_or_null<float>(call, kBiasInput), call.out().as<float>(),
                     call.scratch + worker * call.scratch_stride, p.real_range.lo, p.real_range.hi},
                    tile);
}

uint32_t reference_tiles(const KernelCall& call) {
  return place_tiles(conv_window<Attrs>(call).places(), conv2d_products(*call.view));
}

constexpr Kernel kKernels[] = {
#include "ops/depthwise_conv2d/kernels.inc"
};

}  // namespace

extern const Operator depthwise_conv2d_operator;
extern const Kernel depthwise_conv2d_f64;

const Operator depthwise_conv2d_operator = {
    .code = op_code::depthwise_conv2d,
    .name = "depthwise_conv2d",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::DepthwiseConv2d),
    .attributes_bytes = sizeof(DepthwiseConv2dAttrs),
    .min_inputs = 2,
    .max_inputs = 4,
    .read = read,
    .check = check,
    .shape = shape,
    .work = work,
    .kernels = kKernels,
};

const Kernel depthwise_conv2d_f64 = {.name = "depthwise_conv2d_f64_reference",
                                     .reference = true,
                                     .accepts = is_f64,
                                     .tiles = reference_tiles,
                                     .run = depthwise_reference<double>};

}  // namespace mote
