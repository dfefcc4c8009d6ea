// y = act(x * transposed(weights) + bias) over the last dimension of x (NUMERICS.md, 4).
#include "mote_generated.h"
#include "ops/conv2d/reference.h"
#include "ops/fully_connected/attributes.h"
#include "ops/matrix.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::FullyConnected*>(table);
  auto& out = *static_cast<FullyConnectedAttrs*>(attrs);
  out.activation = static_cast<int32_t>(in.activation());
  return {};
}

Status check(const OpView& v) {
  MOTE_TRY(check_activation(v.attributes<FullyConnectedAttrs>().activation));
  MOTE_TRY(check_weighted(v, 2, 0));
  MOTE_TRY(check_terms(v, 1, 1));
  int32_t rank = v.in(0).bounds.rank;
  if (rank < 1) return error(Code::operand_rank, 1, rank);
  return check_x_dim(v, rank - 1, weights_dim(v, 1));
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  out[0] = in[0];
  out[0].dims[in[0].rank - 1] = {weights_dim(v, 0), weights_dim(v, 0)};
  return {};
}

int64_t work(const OpView& v) { return weighted_work(v, weights_dim(v, 1)); }

// Each row of x is an image of one place.
ConvWindow window(const OpView& v, const Shape& x, const Shape&) {
  int32_t channels = weights_dim(v, 1);
  return {x.elements() / channels, 1, 1, channels, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0};
}

template <Type kType, MatrixPacking kPacking>
bool accepts(const OpView& v) {
  return matrix_accepts(v, kType, 1, kPacking);
}

template <auto& kKernel>
Status prepare(PrepareContext& ctx) {
  int32_t activation = ctx.view.attributes<FullyConnectedAttrs>().activation;
  return matrix_prepare(ctx, kKernel, {window, 1, activation});
}

uint32_t fully_connected_reference_tiles(const KernelCall& call) {
  ConvWindow w = window(*call.view, call.in(0).shape, call.out().shape);
  return place_tiles(w.places(), conv2d_products(*call.view));
}

template <class T, class Sum, class Add, class Finish>
void loops(const KernelCall& call, uint32_t tile, Sum zero, Add add, Finish finish) {
  const T* x = call.in(0).as<T>();
  const T* weights = call.in(kWeightsInput).as<T>();
  T* y = call.out().as<T>();
  ConvWindow w = window(*call.view, call.in(0).shape, call.out().shape);
  int32_t outputs = weights_dim(*call.view, 0);
  PlaceRange range = place_range(w.places(), conv2d_products(*call.view), tile);
  for (int64_t p = range.begin; p < range.end; ++p)
    for (int32_t o = 0; o < outputs; ++o)
      y[p * outputs + o] = finish(o, add(zero, x + p * w.c, weights + int64_t{o} * w.c, w.c));
}

template <class T>
void fully_connected_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  int32_t activation = call.attributes<FullyConnectedAttrs>().activation;
  loops<T>(call, tile, T(0), add_products<T>, finish_real<T>(call, activation));
}

void fully_connected_s8_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  int32_t activation = call.attributes<FullyConnectedAttrs>().activation;
  loops<int8_t>(call, tile, uint32_t{0}, add_products_s8(call), finish_s8(call, activation));
}

constexpr Kernel kKernels[] = {
#include "ops/fully_connected/kernels.inc"
};

}  // namespace

extern const Operator fully_connected_operator;
extern const Kernel fully_connected_f64;

const Operator fully_connected_operator = {
    .code = op_code::fully_connected,
    .name = "fully_connected",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::FullyConnected),
    .attributes_bytes = sizeof(FullyConnectedAttrs),
    .min_inputs = 2,
    .max_inputs = 4,
    .read = read,
    .check = check,
    .shape = shape,
    .work = work,
    .kernels = kKernels,
};

const Kernel fully_connected_f64 = {.name = "fully_connected_f64_reference",
                                    .reference = true,
                                    .accepts = is_f64,
                                    .tiles = fully_connected_reference_tiles,
                                    .run = fully_connected_reference<double>};

}  // namespace mote
