// A block of x at offsets that are known at run (NUMERICS.md, 23.4).
#include "mote_generated.h"
#include "ops/dynamic_slice/placement.h"
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
  MOTE_TRY(check_begin(v.in(0), v.in(1), 1));
  if (a.count != v.in(0).bounds.rank)
    return error(Code::attribute_count, v.in(0).bounds.rank, a.count, "sizes");
  for (int i = 0; i < a.count; ++i) MOTE_TRY(check_attribute("sizes", a.sizes[i], 1, INT32_MAX));
  return check_movement(v);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const auto& a = v.attributes<SizesAttrs>();
  out[0].rank = a.count;
  for (int i = 0; i < a.count; ++i) out[0].dims[i] = {a.sizes[i], a.sizes[i]};
  return check_block(in[0], out[0]);
}

CopyPlan plan(const KernelCall& call) { return block_copy(call.in(0), call.out().shape, true); }

uint32_t tiles(const KernelCall& call) {
  CopyPlan p = plan(call);
  return Tiling(p.units, p.unit_bytes).count();
}

void run(const KernelCall& call, uint32_t tile, uint32_t) {
  CopyPlan p = plan(call);
  Range r = Tiling(p.units, p.unit_bytes).range(tile);
  int64_t offset = block_offset(call.in(0), call.out().shape, call.in(1));
  copy_units(p, call.in(0).as<uint8_t>() + offset, call.out().as<uint8_t>(), r.begin, r.end);
}

constexpr Kernel kKernels[] = {
#include "ops/dynamic_slice/kernels.inc"
};

}  // namespace

extern const Operator dynamic_slice_operator;
extern const Kernel dynamic_slice_f64;

const Operator dynamic_slice_operator = {
    .code = op_code::dynamic_slice,
    .name = "dynamic_slice",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Sizes),
    .attributes_bytes = sizeof(SizesAttrs),
    .min_inputs = 2,
    .max_inputs = 2,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel dynamic_slice_f64 = {.name = "dynamic_slice_f64_reference",
                                  .reference = true,
                                  .accepts = any_type,
                                  .tiles = tiles,
                                  .run = run};

}  // namespace mote
