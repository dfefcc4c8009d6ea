// Rows of kernel tables that run conv2d and fully_connected on the blocked matrix kernels.
#pragma once

#include "kernels/gemm/gemm.h"
#include "ops/operator.h"

namespace mote {

// What an operator says of itself; `window` for its current shapes.
struct MatrixOperator {
  ConvWindow (*window)(const OpView& v, const Shape& x, const Shape& y);
  int32_t groups;
  int32_t activation;
};

// By the plan, where the weights are constant (and the bias of integers); or in each run, into its
// scratch.
enum class MatrixPacking { once, each_run };
// Operands of `type` in groups that fill a fair part of a block.
bool matrix_accepts(const OpView& v, Type type, int32_t groups, MatrixPacking packing);

Status matrix_prepare(PrepareContext& ctx, const GemmS8Kernel& kernel, const MatrixOperator& op);
Status matrix_prepare(PrepareContext& ctx, const GemmF32Kernel& kernel, const MatrixOperator& op);
void matrix_pack_s8(const OpView& v, const void* params, void* packed);
void matrix_pack_f32(const OpView& v, const void* params, void* packed);
// Kernel::before of MatrixPacking::each_run.
uint32_t matrix_pack_tiles(const KernelCall& call);
void matrix_pack_tile_s8(const KernelCall& call, uint32_t tile, uint32_t worker);
void matrix_pack_tile_f32(const KernelCall& call, uint32_t tile, uint32_t worker);
uint32_t matrix_tiles(const KernelCall& call);
void matrix_run_s8(const KernelCall& call, uint32_t tile, uint32_t worker);
void matrix_run_f32(const KernelCall& call, uint32_t tile, uint32_t worker);

}  // namespace mote
