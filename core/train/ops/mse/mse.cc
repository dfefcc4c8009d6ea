// The mean of (prediction - target)^2 and its gradient by the prediction (NUMERICS.md, 15.2).
#include "ops/op_codes.h"
#include "train/ops/loss.h"

namespace mote {
namespace {

Status read(const void*, void*) { return {}; }

Status check(const OpView& v) { return check_loss(v, Type::float32); }

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  if (in[0].rank != in[1].rank) return error(Code::operand_rank, in[0].rank, in[1].rank);
  out[0] = one_element();
  out[1].rank = in[0].rank;
  for (int i = 0; i < in[0].rank; ++i)
    MOTE_TRY(equal_dims(in[0].dims[i], in[1].dims[i], &out[1].dims[i]));
  return {};
}

Tiling tiling(int64_t elements) { return {elements, 1, kElementwiseTile}; }

uint32_t tiles(const KernelCall& call) { return tiling(call.in(0).elements()).count(); }

Status prepare(PrepareContext& ctx) {
  return reserve_partials(ctx, tiling(ctx.view.in(0).bounds.max().elements()).count());
}

// (15.6), (15.7)
template <class T>
void mse_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const T *x = call.in(0).as<T>(), *target = call.in(1).as<T>();
  T* dx = call.out(1).as<T>();
  int64_t n = call.in(0).elements();
  T factor = T{2} / static_cast<T>(n), sum = 0;
  Range r = tiling(n).range(tile);
  for (int64_t i = r.begin; i < r.end; ++i) {
    T d = x[i] - target[i];
    sum += d * d;
    dx[i] = d * factor;
  }
  loss_partials<T>(call)[tile] = sum;
}

template <class T>
void write_loss(const KernelCall& call, uint32_t, uint32_t) {
  T sum = add_partials(loss_partials<T>(call), tiles(call));
  *call.out(0).as<T>() = sum / static_cast<T>(call.in(0).elements());
}

constexpr Kernel kKernels[] = {
#include "train/ops/mse/kernels.inc"
};

}  // namespace

extern const Operator mse_operator;
extern const Kernel mse_f64;

const Operator mse_operator = {
    .code = op_code::mse,
    .name = "mse",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::NoAttributes),
    .min_inputs = 2,
    .max_inputs = 2,
    .outputs = 2,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel mse_f64 = {.name = "mse_f64_reference",
                        .reference = true,
                        .accepts = is_f64,
                        .prepare = prepare,
                        .tiles = tiles,
                        .run = mse_reference<double>,
                        .after = {.run = write_loss<double>}};

}  // namespace mote
