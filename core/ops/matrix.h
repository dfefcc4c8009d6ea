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

// Constant weights and bias, and groups that fill a fair part of a block.
bool matrix_accepts_s8(const OpView& v, int32_t groups);
bool matrix_accepts_f32(const OpView& v, int32_t groups);

Status matrix_prepare(PrepareContext& ctx, const GemmS8Kernel& kernel, const MatrixOperator& op);
Status matrix_prepare(PrepareContext& ctx, const GemmF32Kernel& kernel, const MatrixOperator& op);
void matrix_pack_s8(const OpView& v, const void* params, void* packed);
void matrix_pack_f32(const OpView& v, const void* params, void* packed);
uint32_t matrix_tiles(const KernelCall& call);
void matrix_run_s8(const KernelCall& call, uint32_t tile, uint32_t worker);
void matrix_run_f32(const KernelCall& call, uint32_t tile, uint32_t worker);

}  // namespace mote
