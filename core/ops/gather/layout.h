// Attributes, shapes and checks of gather, shared with its gradient.
#pragma once

#include "mote_generated.h"
#include "ops/gather/attributes.h"
#include "ops/movement.h"

namespace mote::gathering {

inline Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::Gather*>(table);
  auto& out = *static_cast<GatherAttrs*>(attrs);
  out.axis = in.axis();
  out.batch_dims = in.batch_dims();
  return {};
}

inline Status check_operands(const GatherAttrs& a, const TensorInfo& x, const TensorInfo& indices) {
  MOTE_TRY(check_axis(a.axis, x.bounds.rank));
  MOTE_TRY(check_attribute("batch_dims", a.batch_dims, 0,
                           a.axis < indices.bounds.rank ? a.axis : indices.bounds.rank));
  int32_t rank = x.bounds.rank - 1 + indices.bounds.rank - a.batch_dims;
  if (rank > kMaxRank) return error(Code::operand_rank, kMaxRank, rank);
  if (indices.type != Type::int32 && indices.type != Type::int64)
    return error(Code::operand_type, 0, 1);
  if (indices.quantization.quantized()) return error(Code::quantization_unexpected, 0, 1);
  return {};
}

// The shape of (10.3).
inline Status gathered_shape(const GatherAttrs& a, const ShapeBounds& x, const ShapeBounds& indices,
                             ShapeBounds* y) {
  if (x.rank <= a.axis) return error(Code::operand_rank, a.axis + 1, x.rank);
  if (indices.rank < a.batch_dims) return error(Code::operand_rank, a.batch_dims, indices.rank);
  int32_t rank = x.rank - 1 + indices.rank - a.batch_dims;
  if (rank > kMaxRank) return error(Code::operand_rank, kMaxRank, rank);
  y->rank = 0;
  for (int i = 0; i < a.axis; ++i) {
    Dim d = x.dims[i];
    if (i < a.batch_dims) MOTE_TRY(equal_dims(x.dims[i], indices.dims[i], &d));
    y->dims[y->rank++] = d;
  }
  for (int i = a.batch_dims; i < indices.rank; ++i) y->dims[y->rank++] = indices.dims[i];
  for (int i = a.axis + 1; i < x.rank; ++i) y->dims[y->rank++] = x.dims[i];
  return {};
}

// x as [batch, middle, size, item elements], indices as [batch, count].
struct Layout {
  int64_t batch = 1, middle = 1, size = 1, item = 1, count = 1;
  int64_t items = 1;  // of the output
};
inline Layout layout_of(const GatherAttrs& a, const Shape& x, const Shape& indices) {
  Layout l;
  for (int i = 0; i < a.batch_dims; ++i) l.batch *= x.dims[i];
  for (int i = a.batch_dims; i < a.axis; ++i) l.middle *= x.dims[i];
  l.size = x.dims[a.axis];
  for (int i = a.axis + 1; i < x.rank; ++i) l.item *= x.dims[i];
  for (int i = a.batch_dims; i < indices.rank; ++i) l.count *= indices.dims[i];
  l.items = l.batch * l.middle * l.count;
  return l;
}

// Every index is in [0, size).
template <class Index>
Status check_indices(const Tensor& tensor, int64_t size) {
  const Index* indices = tensor.as<Index>();
  int64_t n = tensor.elements();
  for (int64_t i = 0; i < n; ++i)
    if (indices[i] < 0 || indices[i] >= size)
      return error(Code::data_index_out_of_range, size, indices[i]);
  return {};
}

}  // namespace mote::gathering
