// x with updates at rows of indices (NUMERICS.md, 19.9).
#include "ops/nd_indices.h"
#include "ops/op_codes.h"
#include "ops/scatter.h"

namespace mote {
namespace {

using scattering::read;

Status check(const OpView& v) {
  int32_t rank = v.in(0).bounds.rank, rows = v.in(1).bounds.rank;
  if (rank < 1 || rows < 1) return error(Code::operand_rank, 1, 0);
  MOTE_TRY(check_attribute("axis", v.attributes<ScatterAttrs>().axis, 0, 0));
  return scattering::check_operands(v);
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const ShapeBounds &x = in[0], &indices = in[1], &updates = in[2];
  int32_t depth = 0;
  MOTE_TRY(index_depth(x, indices, 0, &depth));
  int32_t rows = indices.rank - 1, rank = rows + x.rank - depth;
  if (updates.rank != rank) return error(Code::operand_rank, rank, updates.rank);
  for (int i = 0; i < rank; ++i) {
    Dim d = i < rows ? indices.dims[i] : x.dims[i - rows + depth];
    MOTE_TRY(equal_dims(d, updates.dims[i], &d));
  }
  out[0] = x;
  return {};
}

NdLayout layout_of(const KernelCall& call) { return {call.in(0).shape, call.in(1).shape, 0}; }

Status check_data(const KernelCall& call) { return layout_of(call).check(Indices(call.in(1))); }

// A unit: one element of every update, since the order of updates counts.
Tiling tiling(const KernelCall& call) {
  NdLayout l = layout_of(call);
  return {l.item, l.count * element_bytes(call.in(0))};
}
uint32_t tiles(const KernelCall& call) { return tiling(call).count(); }

// (19.15)
template <class T, class Step>
void scatter(const KernelCall& call, Range columns, Step step) {
  NdLayout l = layout_of(call);
  Indices indices(call.in(1));
  const T* updates = call.in(2).as<T>();
  for (int64_t row = 0; row < l.count; ++row) {
    T* y = call.out().as<T>() + l.offset(indices, row);
    const T* update = updates + row * l.item;
    for (int64_t i = columns.begin; i < columns.end; ++i) y[i] = step(y[i], update[i]);
  }
}

void run(const KernelCall& call, uint32_t tile, uint32_t) {
  Range r = tiling(call).range(tile);
  scattering::with_type_and_step(call,
                                 [&](auto t, auto step) { scatter<decltype(t)>(call, r, step); });
}

constexpr Kernel kKernels[] = {
#include "ops/scatter_nd/kernels.inc"
};

}  // namespace

extern const Operator scatter_nd_operator;
extern const Kernel scatter_nd_f64;

const Operator scatter_nd_operator = {
    .code = op_code::scatter_nd,
    .name = "scatter_nd",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Scatter),
    .attributes_bytes = sizeof(ScatterAttrs),
    .min_inputs = 3,
    .max_inputs = 3,
    .flags = kFallible,
    .in_place = 1,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel scatter_nd_f64 = {.name = "scatter_nd_f64_reference",
                               .reference = true,
                               .accepts = any_type,
                               .check_data = check_data,
                               .tiles = tiles,
                               .run = run,
                               .before = {copy_tiles, copy_bytes}};

}  // namespace mote
