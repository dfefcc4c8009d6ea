// The gradient of conv2d's weights (NUMERICS.md, 14.1).
#include "kernels/gemm/weight_grad.h"
#include "mote_generated.h"
#include "ops/op_codes.h"
#include "train/ops/conv2d_weight_grad/reference.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::Conv2d*>(table);
  auto& out = *static_cast<Conv2dAttrs*>(attrs);
  read_conv_window(in, out);
  out.groups = in.groups();
  return {};
}

Status check(const OpView& v) {
  const auto& a = v.attributes<Conv2dAttrs>();
  MOTE_TRY(check_conv_window(a));
  MOTE_TRY(check_attribute("activation", a.activation, kMoteActivationNone, kMoteActivationNone));
  MOTE_TRY(check_all_f32(v));
  MOTE_TRY(check_rank(v.in(0), 4));
  MOTE_TRY(check_rank(v.in(kGradInput), 4));
  MOTE_TRY(check_conv_weights(v.in(kGradWeights), 1, 3));
  const Dim* weights = v.in(kGradWeights).bounds.dims;
  MOTE_TRY(check_attribute("groups", a.groups, 1, weights[0].max));
  if (weights[0].max % a.groups != 0)
    return error(Code::shape_incompatible, weights[0].max, a.groups);
  MOTE_TRY(check_dim(v.in(0), 3, int64_t{weights[3].max} * a.groups));
  return check_dim(v.in(kGradInput), 3, weights[0].max);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  out[0] = in[kGradWeights];
  MOTE_TRY(check_meets(in[0].dims[0], in[kGradInput].dims[0]));
  return check_conv_places(v.attributes<Conv2dAttrs>(), in[kGradWeights], in[0], in[kGradInput]);
}

int64_t work(const OpView& v) {
  const ShapeBounds& weights = v.in(kGradWeights).bounds;
  return backward_work(v.in(kGradInput).bounds, weights, weights.dims[3].max);
}

struct Params {
  WeightGradPlan plan;
  const GemmF32Kernel* kernel;
};

template <auto& kKernel>
Status prepare(PrepareContext& ctx) {
  const OpView& v = ctx.view;
  auto* p = ctx.allocate<Params>();
  if (p == nullptr) return error(Code::out_of_memory, 0, sizeof(Params));
  int32_t groups = v.attributes<Conv2dAttrs>().groups;
  ConvWindow largest = largest_weight_grad_window<Conv2dAttrs>(v);
  p->plan = make_weight_grad_plan(kKernel.tile, largest, groups,
                                  v.in(kGradWeights).bounds.dims[0].max / groups);
  p->kernel = &kKernel;
  ctx.params = p;
  ctx.scratch_bytes = p->plan.scratch_bytes;
  ctx.shared_scratch_bytes = p->plan.shared_bytes;
  return {};
}

const Params& params_of(const KernelCall& call) { return *static_cast<const Params*>(call.params); }
WeightGradOperands operands(const KernelCall& call, uint32_t worker) {
  return {call.in(0).as<float>(), call.in(kGradInput).as<float>(), call.out().as<float>(),
          reinterpret_cast<float*>(call.shared_scratch),
          call.scratch + worker * call.scratch_stride};
}

uint32_t tiles(const KernelCall& call) {
  return weight_grad_pieces(params_of(call).plan, weight_grad_window<Conv2dAttrs>(call));
}
void run(const KernelCall& call, uint32_t tile, uint32_t worker) {
  const Params& p = params_of(call);
  run_weight_grad(p.plan, *p.kernel, weight_grad_window<Conv2dAttrs>(call), operands(call, worker),
                  tile);
}
uint32_t sum_tiles(const KernelCall& call) {
  return weight_grad_sum_pieces(params_of(call).plan, weight_grad_window<Conv2dAttrs>(call));
}
void sum(const KernelCall& call, uint32_t tile, uint32_t worker) {
  sum_weight_grad(params_of(call).plan, weight_grad_window<Conv2dAttrs>(call),
                  operands(call, worker), tile);
}

constexpr Kernel kKernels[] = {
#include "train/ops/conv2d_weight_grad/kernels.inc"
};

}  // namespace

extern const Operator conv2d_weight_grad_operator;
extern const Kernel conv2d_weight_grad_f64;

const Operator conv2d_weight_grad_operator = {
    .code = op_code::conv2d_weight_grad,
    .name = "conv2d_weight_grad",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Conv2d),
    .attributes_bytes = sizeof(Conv2dAttrs),
    .min_inputs = 3,
    .max_inputs = 3,
    .shape_inputs = 1 << kGradWeights,
    .read = read,
    .check = check,
    .shape = shape,
    .work = work,
    .kernels = kKernels,
};

const Kernel conv2d_weight_grad_f64 = {.name = "conv2d_weight_grad_f64_reference",
                                       .reference = true,
                                       .accepts = is_f64,
                                       .tiles = conv2d_weight_grad_reference_tiles,
                                       .run = conv2d_weight_grad_reference<double>};

}  // namespace mote
