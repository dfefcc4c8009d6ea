// y = x in another scale, zero point or signedness (NUMERICS.md, 8.3).
#include "ops/activation_range.h"
#include "ops/conversion.h"

namespace mote {
namespace {

using conversion::is;

// (8.3)
float ratio_of(const OpView& v) {
  return v.in(0).quantization.scale() / v.out().quantization.scale();
}

Status check(const OpView& v) {
  if (!is_int8_like(v.in(0).type)) return error(Code::operand_type, 0, 0);
  if (!is_int8_like(v.out().type)) return error(Code::operand_type, 0, 1);
  MOTE_TRY(check_per_tensor(v.in(0), 0));
  MOTE_TRY(check_per_tensor(v.out(), 1));
  float ratio = ratio_of(v);
  return ratio >= 0x1p-8f && ratio <= 0x1p7f ? Status{} : error(Code::quantization_ratio);
}

struct Params {
  int32_t x_zero, y_zero;
  int32_t multiplier;  // M, in [1, 2^15]
  // y = x xor flip when `flips`: equal scales, and zero points that differ as the types do.
  bool flips;
  uint8_t flip;
};

Status prepare(PrepareContext& ctx) {
  auto* p = ctx.allocate<Params>();
  if (p == nullptr) return error(Code::out_of_memory, 0, sizeof(Params));
  const TensorInfo &x = ctx.view.in(0), &y = ctx.view.out();
  p->x_zero = x.quantization.zero_point();
  p->y_zero = y.quantization.zero_point();
  p->multiplier = round_half_even(256.0f * ratio_of(ctx.view));
  p->flip = x.type == y.type ? 0 : 0x80;
  p->flips = p->multiplier == 256 &&
             p->y_zero - p->x_zero == type_range(y.type).lo - type_range(x.type).lo;
  ctx.params = p;
  return {};
}

// (8.4)
template <class From, class To>
void requantize_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const Params p = *static_cast<const Params*>(call.params);
  const StoredRange range = type_range(call.out().type());
  conversion::convert<From, To>(call, tile, [=](From x) {
    int32_t v = (((x - p.x_zero) * p.multiplier + 128) >> 8) + p.y_zero;
    v = v < range.lo ? range.lo : v;
    return static_cast<To>(v > range.hi ? range.hi : v);
  });
}

// The special cases of 8.3, one byte operation; else the reference.
template <class From, class To>
void requantize_flip(const KernelCall& call, uint32_t tile, uint32_t worker) {
  const Params& p = *static_cast<const Params*>(call.params);
  if (!p.flips) return requantize_reference<From, To>(call, tile, worker);
  conversion::convert<uint8_t, uint8_t>(
      call, tile, [flip = p.flip](uint8_t x) { return static_cast<uint8_t>(x ^ flip); });
}

constexpr Kernel kKernels[] = {
#include "ops/requantize/kernels.inc"
};

}  // namespace

extern const Operator requantize_operator;
extern const Kernel requantize_f64;

const Operator requantize_operator =
    conversion::make_operator(op_code::requantize, "requantize", check, kKernels);

const Kernel requantize_f64 = {.name = "requantize_f64_none"};

}  // namespace mote
