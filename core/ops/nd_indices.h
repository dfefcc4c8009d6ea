// Operands of gather_nd and scatter_nd: rows of indices into the first dimensions.
#pragma once

#include "ops/indices.h"
#include "ops/movement.h"

namespace mote {

// How many dimensions a row of `indices` names: its last dimension, static.
inline Status index_depth(const ShapeBounds& x, const ShapeBounds& indices, int32_t batch_dims,
                          int32_t* depth) {
  if (indices.rank <= batch_dims) return error(Code::operand_rank, batch_dims + 1, indices.rank);
  Dim last = indices.dims[indices.rank - 1];
  if (!last.is_static()) return error(Code::operand_shape, last.max, last.min);
  if (last.max > x.rank - batch_dims)
    return error(Code::operand_shape, x.rank - batch_dims, last.max);
  *depth = last.max;
  return {};
}

// x as [batch, sizes..., item], indices as [batch, count, depth].
struct NdLayout {
  int64_t batch = 1, count = 1, item = 1;
  int64_t batch_stride = 1;  // of x, in elements
  int32_t depth = 1;
  int64_t sizes[kMaxRank] = {}, strides[kMaxRank] = {};

  NdLayout(const Shape& x, const Shape& indices, int32_t batch_dims)
      : depth(indices.dims[indices.rank - 1]) {
    int64_t all[kMaxRank];
    row_major_strides(x, all);
    for (int i = 0; i < batch_dims; ++i) batch *= x.dims[i];
    for (int i = batch_dims; i < indices.rank - 1; ++i) count *= indices.dims[i];
    for (int i = batch_dims + depth; i < x.rank; ++i) item *= x.dims[i];
    for (int i = 0; i < depth; ++i) {
      sizes[i] = x.dims[batch_dims + i];
      strides[i] = all[batch_dims + i];
    }
    batch_stride = sizes[0] * strides[0];
  }
  // Of the item that row `row` of all rows names.
  int64_t offset(const Indices& indices, int64_t row) const {
    int64_t at = row / count * batch_stride;
    for (int i = 0; i < depth; ++i) at += indices[row * depth + i] * strides[i];
    return at;
  }
  Status check(const Indices& indices) const {
    for (int64_t i = 0; i < indices.count(); ++i)
      MOTE_TRY(check_index(indices[i], sizes[i % depth]));
    return {};
  }
};

}  // namespace mote
