// Products of float32 matrices of which neither is constant: nothing is packed before the run.
#pragma once

#include "base/tensor.h"
#include "kernels/gemm/gemm.h"

namespace mote {

// Of the current or of the largest shape. `b_matrices`: how many b holds; a product of the batch
// takes one of them.
struct ProductSize {
  int64_t batch, b_matrices, m, n, k;
};

// What holds for every shape up to the largest. Pieces are tiles of y times ranges of k; what the
// ranges after the first yield is added to y afterwards, in their order.
struct ProductPlan {
  const GemmF32Kernel* kernel;
  bool transpose_a, transpose_b;
  bool pack_a, pack_b;
  int64_t rows, columns, terms;  // of a piece
  int64_t products;              // of the batch in a piece; more than one where they are small
  size_t partial;                // byte offset in the shared scratch; packed b lies before it
  size_t shared_bytes, scratch_bytes;  // of all, of one worker
};
// False when the scratch would not fit the address space.
bool make_product_plan(const GemmF32Kernel& kernel, bool transpose_a, bool transpose_b,
                       const ProductSize& largest, ProductPlan* plan);

// One run. Matrices lie one after the other, row-major.
struct ProductRun {
  const ProductPlan& plan;
  ProductSize size;
  const float *a, *b;
  float* y;
  uint8_t *shared, *scratch;  // of all, of this worker
  // Index of the matrix of a and b that product `i` of the batch takes.
  int64_t (*a_matrix)(const void* context, int64_t i);
  int64_t (*b_matrix)(const void* context, int64_t i);
  const void* context;
};

// Parts of a run, each in independent tiles; all of one before the next.
uint32_t product_pack_tiles(const ProductPlan& plan, const ProductSize& size);
void product_pack(const ProductRun& run, uint32_t tile);
uint32_t product_tiles(const ProductPlan& plan, const ProductSize& size);
void product_piece(const ProductRun& run, uint32_t tile);
uint32_t product_sum_tiles(const ProductPlan& plan, const ProductSize& size);
void product_sum(const ProductRun& run, uint32_t tile);

}  // namespace mote
