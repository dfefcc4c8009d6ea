// The sizes of x (NUMERICS.md, 19.10).
#include "mote_generated.h"
#include "ops/movement.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

Status read(const void*, void*) { return {}; }

Status check(const OpView& v) {
  // A scalar's shape would have no element.
  if (v.in(0).bounds.rank < 1) return error(Code::operand_rank, 1, 0);
  if (v.out().type != Type::int32 && v.out().type != Type::int64)
    return error(Code::operand_type, 0, 1);
  return v.out().quantization.quantized() ? error(Code::quantization_unexpected, 0, 1) : Status{};
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  out[0].rank = 1;
  out[0].dims[0] = {in[0].rank, in[0].rank};
  return {};
}

void run(const KernelCall& call, uint32_t, uint32_t) {
  const Shape& x = call.in(0).shape;
  for (int i = 0; i < x.rank; ++i) {
    if (call.out().type() == Type::int64) {
      call.out().as<int64_t>()[i] = x.dims[i];
    } else {
      call.out().as<int32_t>()[i] = x.dims[i];
    }
  }
}

constexpr Kernel kKernels[] = {
#include "ops/shape_of/kernels.inc"
};

}  // namespace

extern const Operator shape_of_operator;
extern const Kernel shape_of_f64;

const Operator shape_of_operator = {
    .code = op_code::shape_of,
    .name = "shape_of",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::NoAttributes),
    .shape_inputs = 1,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel shape_of_f64 = {
    .name = "shape_of_f64_reference", .reference = true, .accepts = any_type, .run = run};

}  // namespace mote
