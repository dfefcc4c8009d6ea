// Operands of gather_elements and scatter_elements: indices along one axis, one for each element.
#pragma once

#include "ops/indices.h"
#include "ops/movement.h"

namespace mote {

// Shapes of x and indices: one rank, and indices no longer than x but along the axis.
inline Status check_line_shapes(int32_t axis, const ShapeBounds& x, const ShapeBounds& indices,
                                ShapeBounds* common) {
  if (x.rank <= axis) return error(Code::operand_rank, axis + 1, x.rank);
  if (x.rank != indices.rank) return error(Code::operand_rank, x.rank, indices.rank);
  *common = indices;
  for (int i = 0; i < x.rank; ++i) {
    if (i == axis) continue;
    Dim& d = common->dims[i];
    if (d.min > x.dims[i].max) return error(Code::shape_incompatible, x.dims[i].max, d.min);
    if (d.max > x.dims[i].max) d.max = x.dims[i].max;
  }
  return {};
}

inline Status check_line_data(const Tensor& x, const Tensor& indices, int32_t axis) {
  Indices list(indices);
  for (int64_t i = 0; i < list.count(); ++i) MOTE_TRY(check_index(list[i], x.dim(axis)));
  return {};
}

// The indices as rows of their last dimension. Element j of a row belongs to x's element
// base(row) + index * axis_stride + j * step.
struct LineLayout {
  int64_t rows = 1, n = 1;
  int64_t axis_stride = 1, step = 1;
  int32_t axis, rank;
  const Shape &x, &indices;
  int64_t strides[kMaxRank] = {};

  LineLayout(const Tensor& of, const Tensor& places, int32_t along)
      : axis(along), rank(of.shape.rank), x(of.shape), indices(places.shape) {
    row_major_strides(x, strides);
    n = indices.dims[rank - 1];
    for (int i = 0; i < rank - 1; ++i) rows *= indices.dims[i];
    axis_stride = strides[axis];
    step = axis == rank - 1 ? 0 : 1;
  }
  int64_t base(int64_t row) const {
    int64_t at = 0;
    for (int i = rank - 2; i >= 0; --i) {
      if (i != axis) at += row % indices.dims[i] * strides[i];
      row /= indices.dims[i];
    }
    return at;
  }
  // Rows that may share elements of x with each other alone.
  int64_t rows_per_unit() const {
    int64_t count = 1;
    for (int i = axis; i < rank - 1; ++i) count *= indices.dims[i];
    return count;
  }
};

}  // namespace mote
