// x repeated along its dimensions (NUMERICS.md, 19.7).
#include <cstring>

#include "base/interval.h"
#include "mote_generated.h"
#include "ops/movement.h"
#include "ops/op_codes.h"
#include "ops/sizes_attributes.h"
#include "ops/tiles.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  auto& out = *static_cast<SizesAttrs*>(attrs);
  return read_array("sizes", static_cast<const file::Sizes*>(table)->sizes(), out.sizes,
                    &out.count);
}

Status check(const OpView& v) {
  const auto& a = v.attributes<SizesAttrs>();
  int32_t rank = v.in(0).bounds.rank;
  if (a.count != rank) return error(Code::attribute_count, rank, a.count, "sizes");
  for (int i = 0; i < rank; ++i) MOTE_TRY(check_attribute("sizes", a.sizes[i], 1, INT32_MAX));
  return check_movement(v);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const auto& a = v.attributes<SizesAttrs>();
  if (in[0].rank != a.count) return error(Code::operand_rank, a.count, in[0].rank);
  out[0].rank = a.count;
  for (int i = 0; i < a.count; ++i)
    MOTE_TRY(make_dim(int64_t{in[0].dims[i].min} * a.sizes[i],
                      int64_t{in[0].dims[i].max} * a.sizes[i], &out[0].dims[i]));
  return {};
}

// The output as copies of rows of x, a row being what follows the last repeated dimension.
struct Rows {
  int32_t dim = 0;    // the last repeated one
  int64_t bytes = 1;  // of a row: this dimension and the later ones
  int64_t count = 1;  // copies
};
Rows rows_of(const KernelCall& call) {
  const auto& a = call.attributes<SizesAttrs>();
  const Tensor& x = call.in(0);
  Rows r;
  r.bytes = element_bytes(x);
  for (r.dim = x.shape.rank - 1; r.dim > 0 && a.sizes[r.dim] == 1; --r.dim) r.bytes *= x.dim(r.dim);
  if (x.shape.rank == 0) return r;
  r.bytes *= x.dim(r.dim);
  r.count = a.sizes[r.dim];
  for (int i = 0; i < r.dim; ++i) r.count *= call.out().dim(i);
  return r;
}

uint32_t tiles(const KernelCall& call) {
  Rows r = rows_of(call);
  return Tiling(r.count, r.bytes).count();
}

void run(const KernelCall& call, uint32_t tile, uint32_t) {
  const auto& a = call.attributes<SizesAttrs>();
  Rows rows = rows_of(call);
  Range r = Tiling(rows.count, rows.bytes).range(tile);
  const uint8_t* x = call.in(0).as<uint8_t>();
  uint8_t* y = call.out().as<uint8_t>();
  for (int64_t copy = r.begin; copy < r.end; ++copy) {
    int64_t row = call.in(0).shape.rank == 0 ? 0 : copy / a.sizes[rows.dim], from = 0, step = 1;
    for (int i = rows.dim - 1; i >= 0; --i) {
      from += row % call.out().dim(i) % call.in(0).dim(i) * step;
      row /= call.out().dim(i);
      step *= call.in(0).dim(i);
    }
    memcpy(y + copy * rows.bytes, x + from * rows.bytes, static_cast<size_t>(rows.bytes));
  }
}

constexpr Kernel kKernels[] = {
#include "ops/tile/kernels.inc"
};

}  // namespace

extern const Operator tile_operator;
extern const Kernel tile_f64;

const Operator tile_operator = {
    .code = op_code::tile,
    .name = "tile",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Sizes),
    .attributes_bytes = sizeof(SizesAttrs),
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel tile_f64 = {.name = "tile_f64_reference",
                         .reference = true,
                         .accepts = any_type,
                         .tiles = tiles,
                         .run = run};

}  // namespace mote
