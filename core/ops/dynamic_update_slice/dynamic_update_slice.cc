// x with a block overwritten, at offsets that are known at run (NUMERICS.md, 23.5). In place, only
// the block is moved.
#include "mote_generated.h"
#include "ops/copy.h"
#include "ops/dynamic_slice/placement.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

Status read(const void*, void*) { return {}; }

Status check(const OpView& v) {
  MOTE_TRY(check_same_type(v, 0, 1));
  MOTE_TRY(check_same_quantization(v.in(0), 0, v.in(1), 1));
  MOTE_TRY(check_begin(v.in(0), v.in(2), 2));
  return check_movement(v);
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  out[0] = in[0];
  return check_block(in[0], in[1]);
}

CopyPlan plan(const KernelCall& call) { return block_copy(call.out(), call.in(1).shape, false); }

uint32_t tiles(const KernelCall& call) {
  CopyPlan p = plan(call);
  return Tiling(p.units, p.unit_bytes).count();
}

void run(const KernelCall& call, uint32_t tile, uint32_t) {
  CopyPlan p = plan(call);
  Range r = Tiling(p.units, p.unit_bytes).range(tile);
  int64_t offset = block_offset(call.out(), call.in(1).shape, call.in(2));
  copy_units(p, call.in(1).as<uint8_t>(), call.out().as<uint8_t>() + offset, r.begin, r.end);
}

constexpr Kernel kKernels[] = {
#include "ops/dynamic_update_slice/kernels.inc"
};

}  // namespace

extern const Operator dynamic_update_slice_operator;
extern const Kernel dynamic_update_slice_f64;

const Operator dynamic_update_slice_operator = {
    .code = op_code::dynamic_update_slice,
    .name = "dynamic_update_slice",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::NoAttributes),
    .min_inputs = 3,
    .max_inputs = 3,
    .in_place = 1,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel dynamic_update_slice_f64 = {.name = "dynamic_update_slice_f64_reference",
                                         .reference = true,
                                         .accepts = any_type,
                                         .tiles = tiles,
                                         .run = run,
                                         .before = {copy_tiles, copy_bytes}};

}  // namespace mote
