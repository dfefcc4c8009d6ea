// Where a block lies in a larger tensor, by offsets that are known at run only (NUMERICS.md, 23.4).
#pragma once

#include "base/interval.h"
#include "kernels/move/strided_copy.h"
#include "ops/movement.h"

namespace mote {

// `begin`: int32, one per dimension of an `x` of rank 1 or more.
inline Status check_begin(const TensorInfo& x, const TensorInfo& begin, int64_t operand) {
  if (x.bounds.rank < 1) return error(Code::operand_rank, 1, x.bounds.rank);
  if (begin.type != Type::int32) return error(Code::operand_type, 0, operand);
  MOTE_TRY(check_rank(begin, 1));
  Dim n = begin.bounds.dims[0];
  if (n.min == x.bounds.rank && n.max == x.bounds.rank) return {};
  return error(Code::operand_shape, x.bounds.rank, n.max);
}

// A block of `part` fits into `whole` for some sizes within the bounds.
inline Status check_block(const ShapeBounds& whole, const ShapeBounds& part) {
  if (part.rank != whole.rank) return error(Code::operand_rank, whole.rank, part.rank);
  for (int i = 0; i < part.rank; ++i)
    if (part.dims[i].min > whole.dims[i].max)
      return error(Code::shape_incompatible, whole.dims[i].max, part.dims[i].min);
  return {};
}

// The byte of `whole` at which a block of `part` begins; offsets are clamped so that it fits.
inline int64_t block_offset(const Tensor& whole, const Shape& part, const Tensor& begin) {
  int64_t strides[kMaxRank], offset = 0;
  row_major_strides(whole.shape, strides);
  for (int i = 0; i < part.rank; ++i) {
    int32_t at = begin.as<int32_t>()[i], last = whole.dim(i) - part.dims[i];
    offset += (at < 0 ? 0 : (at > last ? last : at)) * strides[i];
  }
  return offset * element_bytes(whole);
}

// The copy between a block of `whole` and a tensor of its own: from the block, or into it.
inline CopyPlan block_copy(const Tensor& whole, const Shape& part, bool from_block) {
  int64_t inner[kMaxRank], outer[kMaxRank], bytes = element_bytes(whole);
  row_major_strides(part, inner);
  row_major_strides(whole.shape, outer);
  StridedBox box;
  for (int i = 0; i < part.rank; ++i) {
    int64_t block = outer[i] * bytes, own = inner[i] * bytes;
    if (part.dims[i] > 1) box.add(part.dims[i], from_block ? block : own, from_block ? own : block);
  }
  return plan_copy(box, bytes);
}

}  // namespace mote
