// The results of another graph (NUMERICS.md, 23.3).
#include "mote_generated.h"
#include "ops/control.h"
#include "ops/control_attributes.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

constexpr Kernel kKernels[] = {
#include "ops/call/kernels.inc"
};

}  // namespace

extern const Operator call_operator;
extern const Kernel call_f64;

const Operator call_operator = {
    .code = op_code::call,
    .name = "call",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Control),
    .attributes_bytes = sizeof(ControlAttrs),
    .min_inputs = 0,
    .max_inputs = UINT16_MAX,
    .outputs = UINT16_MAX,
    .graphs = 1,
    .flags = kFallible,
    .read = control::read,
    .check = control::check_no_steps,
    .shape = control::declared_shapes,
    .kernels = kKernels,
};
const Kernel call_f64 = {.name = "call_f64_reference"};

}  // namespace mote
