// A graph that is repeated while a condition holds (NUMERICS.md, 23.2).
#include "mote_generated.h"
#include "ops/control.h"
#include "ops/control_attributes.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

// Every state of the loop is an operand of the same number, so that outputs look like inputs.
Status check(const OpView& v) {
  MOTE_TRY(check_attribute("max_steps", v.attributes<ControlAttrs>().max_steps, 1, INT32_MAX));
  if (v.outputs.size != v.inputs.size) {
    return error(Code::output_count, static_cast<int64_t>(v.inputs.size),
                 static_cast<int64_t>(v.outputs.size));
  }
  for (size_t i = 0; i < v.inputs.size; ++i) {
    auto input = static_cast<int64_t>(i), output = static_cast<int64_t>(v.inputs.size + i);
    if (v.in(i).type != v.out(i).type) return error(Code::operand_types_differ, input, output);
    MOTE_TRY(check_same_quantization(v.in(i), input, v.out(i), output));
  }
  return {};
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  for (size_t i = 0; i < out.size; ++i) out[i] = in[i];
  return {};
}

constexpr Kernel kKernels[] = {
#include "ops/while_loop/kernels.inc"
};

}  // namespace

extern const Operator while_loop_operator;
extern const Kernel while_loop_f64;

const Operator while_loop_operator = {
    .code = op_code::while_loop,
    .name = "while_loop",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Control),
    .attributes_bytes = sizeof(ControlAttrs),
    .min_inputs = 1,
    .max_inputs = UINT16_MAX,
    .outputs = UINT16_MAX,
    .graphs = 2,
    .flags = kFallible,
    .read = control::read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};
const Kernel while_loop_f64 = {.name = "while_loop_f64_reference"};

}  // namespace mote
