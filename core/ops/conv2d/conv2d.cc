// Two-dimensional convolution with groups, dilation and a fused activation (NUMERICS.md, 3.1).
#include "mote_generated.h"
#include "ops/conv2d/reference.h"
#include "ops/matrix.h"
#include "ops/op_codes.h"

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
  MOTE_TRY(check_rank(v.in(0), 4));
  MOTE_TRY(check_weighted(v, 4, 0));
  MOTE_TRY(check_terms(v, 1, 3));
  MOTE_TRY(check_attribute("groups", a.groups, 1, weights_dim(v, 0)));
  if (weights_dim(v, 0) % a.groups != 0)
    return error(Code::shape_incompatible, weights_dim(v, 0), a.groups);
  return check_x_dim(v, 3, int64_t{weights_dim(v, 3)} * a.groups);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  return conv_shape(v, v.attributes<Conv2dAttrs>(), weights_dim(v, 0), in[0], &out[0]);
}

int64_t work(const OpView& v) { return weighted_work(v, conv2d_products(v) / weights_dim(v, 0)); }

template <Type kType, MatrixPacking kPacking>
bool accepts(const OpView& v) {
  return matrix_accepts(v, kType, v.attributes<Conv2dAttrs>().groups, kPacking);
}

template <auto& kKernel>
Status prepare(PrepareContext& ctx) {
  const auto& a = ctx.view.attributes<Conv2dAttrs>();
  return matrix_prepare(ctx, kKernel, {conv_window<Conv2dAttrs>, a.groups, a.activation});
}

constexpr Kernel kKernels[] = {
#include "ops/conv2d/kernels.inc"
};

}  // namespace

extern const Operator conv2d_operator;
extern const Kernel conv2d_f64;

const Operator conv2d_operator = {
    .code = op_code::conv2d,
    .name = "conv2d",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Conv2d),
    .attributes_bytes = sizeof(Conv2dAttrs),
    .min_inputs = 2,
    .max_inputs = 4,
    .read = read,
    .check = check,
    .shape = shape,
    .work = work,
    .kernels = kKernels,
};

const Kernel conv2d_f64 = {.name = "conv2d_f64_reference",
                           .reference = true,
                           .accepts = is_f64,
                           .tiles = conv2d_reference_tiles,
                           .run = conv2d_reference<double>};

}  // namespace mote
