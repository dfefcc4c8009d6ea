// The transpose of conv2d as a linear map, and so the gradient of its input (NUMERICS.md, 3.5).
#include "kernels/gemm/transposed.h"
#include "mote_generated.h"
#include "ops/op_codes.h"
#include "ops/transpose_conv2d/reference.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::Conv2d*>(table);
  auto& out = *static_cast<Conv2dAttrs*>(attrs);
  read_conv_window(in, out);
  out.groups = in.groups();
  return {};
}

int64_t channels(const OpView& v) {
  return int64_t{weights_dim(v, 3)} * v.attributes<Conv2dAttrs>().groups;
}

// A vector of `size` elements.
Status check_vector(const OpView& v, size_t i, Type type, int64_t size) {
  if (v.in(i).type != type) return error(Code::operand_type, 0, static_cast<int64_t>(i));
  MOTE_TRY(check_rank(v.in(i), 1));
  return check_dim(v.in(i), 0, size);
}

// Output channels lie along axis 3 of the weights, in every group again: with several groups there
// is one scale.
Status check_weights_scales(const Quantization& q, int32_t groups, int64_t channels) {
  if (!q.quantized()) return error(Code::quantization_missing, 0, kWeightsInput);
  if (q.scale_count == 1) return {};
  if (groups != 1) return error(Code::per_channel_not_allowed, 0, kWeightsInput);
  if (q.scale_count != channels) return error(Code::scale_count, channels, q.scale_count);
  if (q.axis != 3) return error(Code::quantization_axis, 3, q.axis);
  for (uint32_t i = 0; i < q.scale_count; ++i)
    if (q.zero_point(i) != 0) return error(Code::zero_point_range, 0, q.zero_point(i));
  return {};
}

Status check_types(const OpView& v) {
  if (is_f32(v)) {
    MOTE_TRY(check_all_f32(v));
    return v.has(kRequantizeInput) ? error(Code::operand_type, 0, kRequantizeInput) : Status{};
  }
  MOTE_TRY(check_float_or_quantized(v));
  MOTE_TRY(check_same_type(v, 0, kWeightsInput));
  MOTE_TRY(check_weights_scales(v.in(kWeightsInput).quantization,
                                v.attributes<Conv2dAttrs>().groups, channels(v)));
  if (v.has(kLikeInput)) MOTE_TRY(check_same_type(v, 0, kLikeInput));
  if (!v.has(kRequantizeInput)) return {};
  const TensorInfo& scale = v.in(kRequantizeInput);
  if (scale.kind != TensorKind::constant)
    return error(Code::operand_not_constant, 0, kRequantizeInput);
  bool one = scale.bounds.rank == 1 && scale.bounds.dims[0].max == 1;
  return check_vector(v, kRequantizeInput, Type::float32, one ? 1 : channels(v));
}

Status check(const OpView& v) {
  const auto& a = v.attributes<Conv2dAttrs>();
  MOTE_TRY(check_conv_window(a));
  MOTE_TRY(check_rank(v.in(0), 4));
  MOTE_TRY(check_conv_weights(v.in(kWeightsInput), 0, 2));
  MOTE_TRY(check_attribute("groups", a.groups, 1, weights_dim(v, 0)));
  if (weights_dim(v, 0) % a.groups != 0)
    return error(Code::shape_incompatible, weights_dim(v, 0), a.groups);
  MOTE_TRY(check_dim(v.in(0), 3, weights_dim(v, 0)));
  MOTE_TRY(check_types(v));
  if (v.has(kBiasInput))
    MOTE_TRY(check_vector(v, kBiasInput, is_f32(v) ? Type::float32 : Type::int32, channels(v)));
  return v.has(kLikeInput) ? check_rank(v.in(kLikeInput), 4) : Status{};
}

// The smallest size for which the window yields `places`.
Status smallest(Dim places, int32_t pads, int32_t window, int32_t stride, int32_t dilation,
                Dim* out) {
  auto size = [&](int64_t n) { return (n - 1) * stride + (window - int64_t{1}) * dilation + 1; };
  return make_dim(size(places.min) - pads, size(places.max) - pads, out);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const auto& a = v.attributes<Conv2dAttrs>();
  ShapeBounds& y = out[0];
  y.rank = 4;
  y.dims[0] = in[0].dims[0];
  MOTE_TRY(make_dim(channels(v), channels(v), &y.dims[3]));
  if (v.has(kLikeInput)) {
    y.dims[1] = in[kLikeInput].dims[1];
    y.dims[2] = in[kLikeInput].dims[2];
    return check_conv_places(a, v.in(kWeightsInput).bounds, y, in[0]);
  }
  MOTE_TRY(smallest(in[0].dims[1], a.pad_top + a.pad_bottom, weights_dim(v, 1), a.stride_h,
                    a.dilation_h, &y.dims[1]));
  return smallest(in[0].dims[2], a.pad_left + a.pad_right, weights_dim(v, 2), a.stride_w,
                  a.dilation_w, &y.dims[2]);
}

int64_t work(const OpView& v) {
  return backward_work(v.out().bounds, v.in(kWeightsInput).bounds,
                       weights_dim(v, 0) / v.attributes<Conv2dAttrs>().groups);
}

TransposedConv conv_of(const OpView& v) {
  const auto& a = v.attributes<Conv2dAttrs>();
  return {
      weights_dim(v, 1), weights_dim(v, 2), a.stride_h, a.stride_w, a.dilation_h,
      a.dilation_w,      a.pad_top,         a.pad_left, a.groups,   weights_dim(v, 0) / a.groups,
      weights_dim(v, 3)};
}
TransposedShape shape_of(const Shape& x, const Shape& y) {
  return {x.dims[0], y.dims[1], y.dims[2], x.dims[1], x.dims[2]};
}

bool accepts(const OpView& v) { return is_f32(v) && can_transpose(conv_of(v)); }

struct Params {
  TransposedPlan plan;
  const GemmF32Kernel* kernel;
  RealRange range;
};

// Weights that are not constant are packed by every run.
template <auto& kKernel>
Status prepare(PrepareContext& ctx) {
  const OpView& v = ctx.view;
  TransposedConv conv = conv_of(v);
  auto* p = ctx.allocate<Params>();
  auto count = static_cast<size_t>(transposed_class_count(conv));
  auto* classes = ctx.allocate<TransposedClass>(count);
  if (p == nullptr || classes == nullptr)
    return error(Code::out_of_memory, 0,
                 static_cast<int64_t>(sizeof(Params) + count * sizeof(TransposedClass)));
  if (!make_transposed_plan(conv, kKernel.tile,
                            shape_of(v.in(0).bounds.max(), v.out().bounds.max()), classes,
                            &p->plan))
    return error(Code::out_of_memory, 0, v.in(kWeightsInput).max_bytes);
  p->kernel = &kKernel;
  p->range = real_activation_range(v.attributes<Conv2dAttrs>().activation);
  ctx.params = p;
  bool constant = v.in(kWeightsInput).kind == TensorKind::constant;
  (ctx.pack && constant ? ctx.packed_bytes : ctx.shared_scratch_bytes) = p->plan.packed_bytes;
  ctx.scratch_bytes = p->plan.scratch_bytes;
  return {};
}

const Params& params_of(const KernelCall& call) { return *static_cast<const Params*>(call.params); }

void pack(const OpView& v, const void* params, void* packed) {
  const TransposedPlan& plan = static_cast<const Params*>(params)->plan;
  for (uint32_t i = 0; i < transposed_pack_pieces(plan); ++i)
    pack_transposed(plan, constant_data<float>(v, kWeightsInput), packed, i);
}
uint32_t pack_tiles(const KernelCall& call) {
  return call.packed != nullptr ? 1 : transposed_pack_pieces(params_of(call).plan);
}
void pack_tile(const KernelCall& call, uint32_t tile, uint32_t) {
  if (call.packed != nullptr) return;
  pack_transposed(params_of(call).plan, call.in(kWeightsInput).as<float>(), call.shared_scratch,
                  tile);
}

uint32_t tiles(const KernelCall& call) {
  return transposed_pieces(params_of(call).plan, shape_of(call.in(0).shape, call.out().shape));
}
void run(const KernelCall& call, uint32_t tile, uint32_t worker) {
  const Params& p = params_of(call);
  const void* packed = call.packed != nullptr ? call.packed : call.shared_scratch;
  run_transposed(p.plan, *p.kernel, shape_of(call.in(0).shape, call.out().shape),
                 {call.in(0).as<float>(), call.out().as<float>(), packed,
                  operand_or_null<float>(call, kBiasInput),
                  call.scratch + worker * call.scratch_stride, p.range.lo, p.range.hi},
                 tile);
}

constexpr Kernel kKernels[] = {
#include "ops/transpose_conv2d/kernels.inc"
};

}  // namespace

extern const Operator transpose_conv2d_operator;
extern const Kernel transpose_conv2d_f64;

const Operator transpose_conv2d_operator = {
    .code = op_code::transpose_conv2d,
    .name = "transpose_conv2d",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Conv2d),
    .attributes_bytes = sizeof(Conv2dAttrs),
    .min_inputs = 2,
    .max_inputs = 5,
    .shape_inputs = 1 << kLikeInput,
    .read = read,
    .check = check,
    .shape = shape,
    .work = work,
    .kernels = kKernels,
};

const Kernel transpose_conv2d_f64 = {.name = "transpose_conv2d_f64_reference",
                                     .reference = true,
                                     .accepts = is_f64,
                                     .tiles = transpose_conv2d_reference_tiles,
                                     .run = transpose_conv2d_reference<double>};

}  // namespace mote
