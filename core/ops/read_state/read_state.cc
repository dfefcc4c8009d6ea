// The elements of a state as an activation. All reads of a state stand before its one write.
#include "mote_generated.h"
#include "ops/copy.h"
#include "ops/movement.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

Status read(const void*, void*) { return {}; }

Status check(const OpView& v) {
  if (v.in(0).kind != TensorKind::state) return error(Code::operand_not_state, 0, 0);
  MOTE_TRY(check_output_type(v, v.in(0).type));
  return check_same_quantization(v.in(0), 0, v.out(), 1);
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  out[0] = in[0];
  return {};
}

constexpr Kernel kKernels[] = {
#include "ops/read_state/kernels.inc"
};

}  // namespace

extern const Operator read_state_operator;
extern const Kernel read_state_f64;

const Operator read_state_operator = {
    .code = op_code::read_state,
    .name = "read_state",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::NoAttributes),
    .flags = kView | kReadsState,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel read_state_f64 = {.name = "read_state_f64_reference",
                               .reference = true,
                               .accepts = any_type,
                               .tiles = copy_tiles,
                               .run = copy_bytes};

}  // namespace mote
