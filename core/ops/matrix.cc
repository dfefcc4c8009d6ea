#include "ops/matrix.h"

#include "ops/activation_range.h"
#include "ops/check.h"
#include "ops/weighted.h"

namespace mote {
namespace {

// Fewer columns than this leave most lanes of a block empty.
constexpr int32_t kMinGroupColumns = 4;
// Elements of a piece of packing.
constexpr int64_t kPackElements = 1 << 14;

struct MatrixParams {
  GemmPlan plan;
  const GemmS8Kernel* s8;
  const GemmF32Kernel* f32;
  ConvWindow (*window)(const OpView& v, const Shape& x, const Shape& y);
  RequantizeRange range;
  RealRange real_range;

  ConvWindow current(const KernelCall& call) const {
    return window(*call.view, call.in(0).shape, call.out().shape);
  }
};

bool fills(const OpView& v, int32_t groups) {
  return groups == 1 || weights_dim(v, 0) / groups >= kMinGroupColumns;
}
// The bias of integers is packed with the weights.
bool packs_once(const OpView& v) {
  return v.in(kWeightsInput).kind == TensorKind::constant &&
         (is_f32(v) || constant_or_absent(v, kBiasInput));
}

// `gathered`: whether rows of x need a panel.
Status prepare(PrepareContext& ctx, const GemmTile& tile, const MatrixOperator& op, size_t element,
               bool always_gathered, MatrixParams** out) {
  const OpView& v = ctx.view;
  auto* p = ctx.allocate<MatrixParams>();
  if (p == nullptr) return error(Code::out_of_memory, 0, sizeof(MatrixParams));
  ConvWindow largest = op.window(v, v.in(0).bounds.max(), v.out().bounds.max());
  int64_t channels = weights_dim(v, 0);
  int64_t terms = element_count(v.in(kWeightsInput).bounds).max / channels;
  if (!make_gemm_plan(tile, terms, channels / op.groups, op.groups, largest.places(), element,
                      &p->plan))
    return error(Code::out_of_memory, 0, v.in(kWeightsInput).max_bytes);
  GemmTiling t = gemm_tiling(p->plan, largest.places());
  // Pieces are counted in 32 bits.
  if (t.row_pieces > UINT32_MAX / t.column_pieces / op.groups)
    return error(Code::tensor_too_large, 0, v.out().max_bytes);
  p->window = op.window;
  ctx.params = p;
  (packs_once(v) ? ctx.packed_bytes : ctx.shared_scratch_bytes) = p->plan.bytes;
  ctx.scratch_bytes =
      always_gathered || !is_pointwise(largest) ? gemm_scratch_bytes(p->plan, element) : 0;
  *out = p;
  return {};
}

GemmS8Weights s8_weights(const OpView& v, const int8_t* weights, const int32_t* bias) {
  return {weights, v.in(kWeightsInput).quantization.zero_point(), v.in(0).quantization.zero_point(),
          bias, channel_scale(v)};
}

int64_t blocks_per_tile(const GemmPlan& plan) {
  int64_t n = kPackElements / (plan.padded_k * plan.tile.columns);
  return n < 1 ? 1 : n;
}
BlockRange blocks_of(const GemmPlan& plan, uint32_t tile) {
  int64_t n = blocks_per_tile(plan), begin = tile * n, end = all_blocks(plan).end;
  return {begin, begin + n < end ? begin + n : end};
}

// Packed by the plan, or in this run.
const void* packed_weights(const KernelCall& call) {
  return call.packed != nullptr ? call.packed : call.shared_scratch;
}

}  // namespace

bool matrix_accepts(const OpView& v, Type type, int32_t groups, MatrixPacking packing) {
  bool once = packing == MatrixPacking::once;
  return input_is(v, type) && fills(v, groups) && packs_once(v) == once;
}

Status matrix_prepare(PrepareContext& ctx, const GemmS8Kernel& kernel, const MatrixOperator& op) {
  MatrixParams* p = nullptr;
  MOTE_TRY(prepare(ctx, kernel.tile, op, sizeof(int16_t), true, &p));
  p->s8 = &kernel;
  p->range = weighted_range(ctx.view, op.activation);
  return {};
}

Status matrix_prepare(PrepareContext& ctx, const GemmF32Kernel& kernel, const MatrixOperator& op) {
  MatrixParams* p = nullptr;
  MOTE_TRY(prepare(ctx, kernel.tile, op, sizeof(float), false, &p));
  p->f32 = &kernel;
  p->real_range = real_activation_range(op.activation);
  return {};
}

void matrix_pack_s8(const OpView& v, const void* params, void* packed) {
  const auto& p = *static_cast<const MatrixParams*>(params);
  pack_gemm_s8(
      p.plan, *p.s8,
      s8_weights(v, constant_data<int8_t>(v, kWeightsInput), constant_data<int32_t>(v, kBiasInput)),
      all_blocks(p.plan), packed);
}

void matrix_pack_f32(const OpView& v, const void* params, void* packed) {
  const auto& p = *static_cast<const MatrixParams*>(params);
  pack_gemm_f32(p.plan, *p.f32, constant_data<float>(v, kWeightsInput), all_blocks(p.plan), packed);
}

uint32_t matrix_pack_tiles(const KernelCall& call) {
  const auto& p = *static_cast<const MatrixParams*>(call.params);
  return static_cast<uint32_t>(ceil_div(all_blocks(p.plan).end, blocks_per_tile(p.plan)));
}

void matrix_pack_tile_s8(const KernelCall& call, uint32_t tile, uint32_t) {
  const auto& p = *static_cast<const MatrixParams*>(call.params);
  pack_gemm_s8(p.plan, *p.s8,
               s8_weights(*call.view, call.in(kWeightsInput).as<int8_t>(),
                          operand_or_null<int32_t>(call, kBiasInput)),
               blocks_of(p.plan, tile), call.shared_scratch);
}

void matrix_pack_tile_f32(const KernelCall& call, uint32_t tile, uint32_t) {
  const auto& p = *static_cast<const MatrixParams*>(call.params);
  pack_gemm_f32(p.plan, *p.f32, call.in(kWeightsInput).as<float>(), blocks_of(p.plan, tile),
                call.shared_scratch);
}

uint32_t matrix_tiles(const KernelCall& call) {
  const auto& p = *static_cast<const MatrixParams*>(call.params);
  GemmTiling t = gemm_tiling(p.plan, p.current(call).places());
  return static_cast<uint32_t>(t.row_pieces * t.column_pieces * p.plan.groups);
}

void matrix_run_s8(const KernelCall& call, uint32_t tile, uint32_t worker) {
  const auto& p = *static_cast<const MatrixParams*>(call.params);
  GemmS8Operands operands = {call.in(0).as<int8_t>(),
                             call.out().as<int8_t>(),
                             packed_weights(call),
                             call.scratch + worker * call.scratch_stride,
                             static_cast<int8_t>(call.in(0).info->quantization.zero_point()),
                             p.range};
  run_gemm_s8(p.plan, *p.s8, p.current(call), operands, tile);
}

void matrix_run_f32(const KernelCall& call, uint32_t tile, uint32_t worker) {
  const auto& p = *static_cast<const MatrixParams*>(call.params);
  GemmF32Operands operands = {call.in(0).as<float>(),
                              call.out().as<float>(),
                              packed_weights(call),
                              operand_or_null<float>(call, kBiasInput),
                              call.scratch + worker * call.scratch_stride,
                              p.real_range.lo,
                              p.real_range.hi};
  run_gemm_f32(p.plan, *p.f32, p.current(call), operands, tile);
}

}  // namespace mote
