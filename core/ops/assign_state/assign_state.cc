// A state takes the elements of a value.
#include <cstring>

#include "mote_generated.h"
#include "ops/movement.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

Status read(const void*, void*) { return {}; }

Status check(const OpView& v) {
  if (v.in(0).kind != TensorKind::state) return error(Code::operand_not_state, 0, 0);
  MOTE_TRY(check_same_type(v, 0, 1));
  return check_same_quantization(v.in(0), 0, v.in(1), 1);
}

// States are static, so the value is.
Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds>) {
  if (in[0].rank != in[1].rank) return error(Code::operand_rank, in[0].rank, in[1].rank);
  for (int i = 0; i < in[0].rank; ++i) {
    const Dim &state = in[0].dims[i], &value = in[1].dims[i];
    if (state.max != value.max) return error(Code::operand_shape, state.max, value.max);
    if (state.min != value.min) return error(Code::operand_shape, state.min, value.min);
  }
  return {};
}

int64_t work(const OpView& v) { return v.in(0).max_bytes; }

// One tile: the value may be the state's own memory.
void run(const KernelCall& call, uint32_t, uint32_t) {
  memmove(call.in(0).data, call.in(1).data, static_cast<size_t>(call.in(0).bytes()));
}

constexpr Kernel kKernels[] = {
#include "ops/assign_state/kernels.inc"
};

}  // namespace

extern const Operator assign_state_operator;
extern const Kernel assign_state_f64;

const Operator assign_state_operator = {
    .code = op_code::assign_state,
    .name = "assign_state",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::NoAttributes),
    .min_inputs = 2,
    .max_inputs = 2,
    .outputs = 0,
    .flags = kWritesState,
    .read = read,
    .check = check,
    .shape = shape,
    .work = work,
    .kernels = kKernels,
};

const Kernel assign_state_f64 = {
    .name = "assign_state_f64_reference", .reference = true, .accepts = any_type, .run = run};

}  // namespace mote
