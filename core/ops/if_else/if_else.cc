// One of two graphs, by a condition (NUMERICS.md, 23.1).
#include "base/interval.h"
#include "mote_generated.h"
#include "ops/control.h"
#include "ops/control_attributes.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

Status check(const OpView& v) {
  MOTE_TRY(control::check_no_steps(v));
  if (v.in(0).type != Type::boolean) return error(Code::operand_type, 0, 0);
  if (!is_condition(v.in(0))) {
    const ShapeBounds& shape = v.in(0).bounds;
    return error(Code::operand_shape, 1, element_count(shape).max);
  }
  return {};
}

constexpr Kernel kKernels[] = {
#include "ops/if_else/kernels.inc"
};

}  // namespace

extern const Operator if_else_operator;
extern const Kernel if_else_f64;

const Operator if_else_operator = {
    .code = op_code::if_else,
    .name = "if_else",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Control),
    .attributes_bytes = sizeof(ControlAttrs),
    .min_inputs = 1,
    .max_inputs = UINT16_MAX,
    .outputs = UINT16_MAX,
    .graphs = 2,
    .flags = kFallible,
    .read = control::read,
    .check = check,
    .shape = control::declared_shapes,
    .kernels = kKernels,
};
const Kernel if_else_f64 = {.name = "if_else_f64_reference"};

}  // namespace mote
