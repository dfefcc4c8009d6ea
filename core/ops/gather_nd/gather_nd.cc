// y = x at rows of indices (NUMERICS.md, 19.8).
#include <cstring>

#include "mote_generated.h"
#include "ops/gather_nd/attributes.h"
#include "ops/nd_indices.h"
#include "ops/op_codes.h"
#include "ops/tiles.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  static_cast<GatherNdAttrs*>(attrs)->batch_dims =
      static_cast<const file::GatherNd*>(table)->batch_dims();
  return {};
}

Status check(const OpView& v) {
  int32_t rank = v.in(0).bounds.rank, rows = v.in(1).bounds.rank;
  if (rank < 1 || rows < 1) return error(Code::operand_rank, 1, 0);
  MOTE_TRY(check_attribute("batch_dims", v.attributes<GatherNdAttrs>().batch_dims, 0,
                           (rank < rows ? rank : rows) - 1));
  MOTE_TRY(check_index_operand(v, 1));
  return check_movement(v);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const ShapeBounds &x = in[0], &indices = in[1];
  int32_t batch_dims = v.attributes<GatherNdAttrs>().batch_dims, depth = 0;
  MOTE_TRY(index_depth(x, indices, batch_dims, &depth));
  int32_t rank = indices.rank - 1 + x.rank - batch_dims - depth;
  if (rank > kMaxRank) return error(Code::operand_rank, kMaxRank, rank);
  out[0].rank = 0;
  for (int i = 0; i < indices.rank - 1; ++i) {
    Dim d = indices.dims[i];
    if (i < batch_dims) MOTE_TRY(equal_dims(x.dims[i], indices.dims[i], &d));
    out[0].dims[out[0].rank++] = d;
  }
  for (int i = batch_dims + depth; i < x.rank; ++i) out[0].dims[out[0].rank++] = x.dims[i];
  return {};
}

NdLayout layout_of(const KernelCall& call) {
  return {call.in(0).shape, call.in(1).shape, call.attributes<GatherNdAttrs>().batch_dims};
}

Status check_data(const KernelCall& call) { return layout_of(call).check(Indices(call.in(1))); }

Tiling tiling(const KernelCall& call) {
  NdLayout l = layout_of(call);
  return {l.batch * l.count, l.item * element_bytes(call.in(0))};
}
uint32_t tiles(const KernelCall& call) { return tiling(call).count(); }

// (19.12)
void run(const KernelCall& call, uint32_t tile, uint32_t) {
  NdLayout l = layout_of(call);
  Range r = tiling(call).range(tile);
  Indices indices(call.in(1));
  int64_t bytes = element_bytes(call.in(0)), item = l.item * bytes;
  const uint8_t* x = call.in(0).as<uint8_t>();
  uint8_t* y = call.out().as<uint8_t>();
  for (int64_t row = r.begin; row < r.end; ++row)
    memcpy(y + row * item, x + l.offset(indices, row) * bytes, static_cast<size_t>(item));
}

constexpr Kernel kKernels[] = {
#include "ops/gather_nd/kernels.inc"
};

}  // namespace

extern const Operator gather_nd_operator;
extern const Kernel gather_nd_f64;

const Operator gather_nd_operator = {
    .code = op_code::gather_nd,
    .name = "gather_nd",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::GatherNd),
    .attributes_bytes = sizeof(GatherNdAttrs),
    .min_inputs = 2,
    .max_inputs = 2,
    .flags = kFallible,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel gather_nd_f64 = {.name = "gather_nd_f64_reference",
                              .reference = true,
                              .accepts = any_type,
                              .check_data = check_data,
                              .tiles = tiles,
                              .run = run};

}  // namespace mote
