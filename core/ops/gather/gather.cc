// y = x[.., indices, ..] along an axis (NUMERICS.md, 10.3).
#include <cstring>

#include "mote_generated.h"
#include "ops/gather/attributes.h"
#include "ops/movement.h"
#include "ops/op_codes.h"
#include "ops/tiles.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::Gather*>(table);
  auto& out = *static_cast<GatherAttrs*>(attrs);
  out.axis = in.axis();
  out.batch_dims = in.batch_dims();
  return {};
}

Status check(const OpView& v) {
  const auto& a = v.attributes<GatherAttrs>();
  const TensorInfo &x = v.in(0), &indices = v.in(1);
  MOTE_TRY(check_axis(a.axis, x.bounds.rank));
  MOTE_TRY(check_attribute("batch_dims", a.batch_dims, 0,
                           a.axis < indices.bounds.rank ? a.axis : indices.bounds.rank));
  int32_t rank = x.bounds.rank - 1 + indices.bounds.rank - a.batch_dims;
  if (rank > kMaxRank) return error(Code::operand_rank, kMaxRank, rank);
  if (indices.type != Type::int32 && indices.type != Type::int64)
    return error(Code::operand_type, 0, 1);
  if (indices.quantization.quantized()) return error(Code::quantization_unexpected, 0, 1);
  return check_movement(v);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const auto& a = v.attributes<GatherAttrs>();
  const ShapeBounds &x = in[0], &indices = in[1];
  if (x.rank <= a.axis) return error(Code::operand_rank, a.axis + 1, x.rank);
  if (indices.rank < a.batch_dims) return error(Code::operand_rank, a.batch_dims, indices.rank);
  int32_t rank = x.rank - 1 + indices.rank - a.batch_dims;
  if (rank > kMaxRank) return error(Code::operand_rank, kMaxRank, rank);
  ShapeBounds& y = out[0];
  y.rank = 0;
  for (int i = 0; i < a.axis; ++i) {
    Dim d = x.dims[i];
    if (i < a.batch_dims) MOTE_TRY(equal_dims(x.dims[i], indices.dims[i], &d));
    y.dims[y.rank++] = d;
  }
  for (int i = a.batch_dims; i < indices.rank; ++i) y.dims[y.rank++] = indices.dims[i];
  for (int i = a.axis + 1; i < x.rank; ++i) y.dims[y.rank++] = x.dims[i];
  return {};
}

// x as [batch, middle, size, item bytes], indices as [batch, count].
struct Layout {
  int64_t middle = 1, size = 1, item = 1, count = 1;
  int64_t items = 1;  // of the output
};
Layout layout(const KernelCall& call) {
  const auto& a = call.attributes<GatherAttrs>();
  const Shape &x = call.in(0).shape, &indices = call.in(1).shape;
  Layout l;
  int64_t batch = 1;
  for (int i = 0; i < a.batch_dims; ++i) batch *= x.dims[i];
  for (int i = a.batch_dims; i < a.axis; ++i) l.middle *= x.dims[i];
  l.size = x.dims[a.axis];
  l.item = element_bytes(call.in(0));
  for (int i = a.axis + 1; i < x.rank; ++i) l.item *= x.dims[i];
  for (int i = a.batch_dims; i < indices.rank; ++i) l.count *= indices.dims[i];
  l.items = batch * l.middle * l.count;
  return l;
}

uint32_t tiles(const KernelCall& call) {
  Layout l = layout(call);
  return Tiling(l.items, l.item).count();
}

template <class Index>
Status check_data(const KernelCall& call) {
  int64_t size = call.in(0).dim(call.attributes<GatherAttrs>().axis);
  const Index* indices = call.in(1).as<Index>();
  int64_t n = call.in(1).elements();
  for (int64_t i = 0; i < n; ++i)
    if (indices[i] < 0 || indices[i] >= size)
      return error(Code::data_index_out_of_range, size, indices[i]);
  return {};
}

// Item `k` of `x`, an array of items, for each k of the indices.
template <class Index>
void copy_items(const uint8_t* x, int64_t item, const Index* indices, int64_t n, uint8_t* y) {
  auto bytes = static_cast<size_t>(item);
  // A known size makes the copy one move.
  auto copy = [&](auto size) {
    for (int64_t i = 0; i < n; ++i) memcpy(y + i * item, x + indices[i] * item, size());
  };
  switch (item) {
    case 1:
      return copy([] { return size_t{1}; });
    case 4:
      return copy([] { return size_t{4}; });
    case 8:
      return copy([] { return size_t{8}; });
    default:
      return copy([bytes] { return bytes; });
  }
}

template <class Index>
void gather(const KernelCall& call, uint32_t tile, uint32_t) {
  Layout l = layout(call);
  Range r = Tiling(l.items, l.item).range(tile);
  const uint8_t* x = call.in(0).as<uint8_t>();
  const Index* indices = call.in(1).as<Index>();
  uint8_t* y = call.out().as<uint8_t>();
  for (int64_t at = r.begin; at < r.end;) {
    int64_t outer = at / l.count, first = at % l.count;  // outer: batch and middle
    int64_t n = r.end - at < l.count - first ? r.end - at : l.count - first;
    copy_items(x + outer * l.size * l.item, l.item, indices + outer / l.middle * l.count + first, n,
               y + at * l.item);
    at += n;
  }
}

bool has_s32_indices(const OpView& v) { return v.in(1).type == Type::int32; }
bool has_s64_indices(const OpView& v) { return v.in(1).type == Type::int64; }

// Both types of indices in one row.
bool is_s32(const KernelCall& call) { return call.in(1).type() == Type::int32; }
Status check_any_data(const KernelCall& call) {
  return is_s32(call) ? check_data<int32_t>(call) : check_data<int64_t>(call);
}
void gather_any(const KernelCall& call, uint32_t tile, uint32_t worker) {
  return is_s32(call) ? gather<int32_t>(call, tile, worker) : gather<int64_t>(call, tile, worker);
}

constexpr Kernel kKernels[] = {
#include "ops/gather/kernels.inc"
};

}  // namespace

extern const Operator gather_operator;
extern const Kernel gather_f64;

const Operator gather_operator = {
    .code = op_code::gather,
    .name = "gather",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Gather),
    .attributes_bytes = sizeof(GatherAttrs),
    .min_inputs = 2,
    .max_inputs = 2,
    .flags = kFallible,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel gather_f64 = {.name = "gather_f64_reference",
                           .reference = true,
                           .accepts = any_type,
                           .check_data = check_any_data,
                           .tiles = tiles,
                           .run = gather_any};

}  // namespace mote
