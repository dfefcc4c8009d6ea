// Sizes of a batch_matmul, and where each of its products finds its matrices.
#pragma once

#include "kernels/gemm/product.h"
#include "ops/batch_matmul/attributes.h"
#include "ops/operator.h"
#include "ops/weighted.h"

namespace mote::batch_matmul {

// Dimension `i` from the end, 1 or 2, of an operand as it stands in the product.
template <class Bounds>
auto matrix_dim(const Bounds& shape, int32_t i, int32_t transposed) {
  return shape.dims[shape.rank - (transposed != 0 ? 3 - i : i)];
}

// Sizes of one run and where each product finds its matrices.
struct Batch {
  ProductSize size;
  int32_t rank = 0;
  int32_t dims[kMaxRank];
  int64_t a_strides[kMaxRank], b_strides[kMaxRank];  // matrices; 0: broadcast

  int64_t matrix(const int64_t* strides, int64_t product) const {
    int64_t index = 0;
    for (int i = rank - 1; i >= 0; --i) {
      index += product % dims[i] * strides[i];
      product /= dims[i];
    }
    return index;
  }
  static int64_t a_matrix(const void* batch, int64_t product) {
    const auto& b = *static_cast<const Batch*>(batch);
    return b.matrix(b.a_strides, product);
  }
  static int64_t b_matrix(const void* batch, int64_t product) {
    const auto& b = *static_cast<const Batch*>(batch);
    return b.matrix(b.b_strides, product);
  }
};

// Strides of an operand's leading dimensions, aligned with those of the output; returns how many
// matrices it holds.
inline int64_t batch_strides(const Shape& operand, int32_t rank, int64_t* strides) {
  int64_t matrices = 1;
  for (int i = 1; i <= rank; ++i) {
    int32_t dim = i <= operand.rank - 2 ? operand.dims[operand.rank - 2 - i] : 1;
    strides[rank - i] = dim == 1 ? 0 : matrices;
    matrices *= dim;
  }
  return matrices;
}

// `merged`: one b serves all, and rows of a lie one after the other: one large product.
inline Batch batch_of(const BatchMatmulAttrs& attrs, bool merged, const Shape& a, const Shape& b,
                      const Shape& y) {
  Batch batch;
  batch.rank = y.rank - 2;
  int64_t a_matrices = batch_strides(a, batch.rank, batch.a_strides);
  int64_t b_matrices = batch_strides(b, batch.rank, batch.b_strides);
  ProductSize& s = batch.size;
  s = {1, b_matrices, y.dims[y.rank - 2], y.dims[y.rank - 1], matrix_dim(a, 1, attrs.transpose_a)};
  for (int i = 0; i < batch.rank; ++i) s.batch *= batch.dims[i] = y.dims[i];
  if (!merged) return batch;
  batch.rank = 0;
  s.batch = 1;
  s.m *= a_matrices;
  return batch;
}

inline Batch current(const KernelCall& call, bool merged) {
  return batch_of(call.attributes<BatchMatmulAttrs>(), merged, call.in(0).shape, call.in(1).shape,
                  call.out().shape);
}

// Pieces of a reference kernel: rows of the output.
inline uint32_t reference_tiles(const KernelCall& call) {
  ProductSize s = current(call, false).size;
  return place_tiles(s.batch * s.m, s.n * s.k);
}

}  // namespace mote::batch_matmul
