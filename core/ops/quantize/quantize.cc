// y = the stored value nearest to x (NUMERICS.md, 8.1).
#include "ops/activation_range.h"
#include "ops/conversion.h"

namespace mote {
namespace {

using conversion::is;

Status check(const OpView& v) {
  if (v.in(0).type != Type::float32) return error(Code::operand_type, 0, 0);
  if (!is_int8_like(v.out().type)) return error(Code::operand_type, 0, 1);
  return check_per_tensor(v.out(), 1);
}

struct Params {
  float inverse;
  RequantizeRange range;
};

Status prepare(PrepareContext& ctx) {
  auto* p = ctx.allocate<Params>();
  if (p == nullptr) return error(Code::out_of_memory, 0, sizeof(Params));
  const TensorInfo& y = ctx.view.out();
  StoredRange range = type_range(y.type);
  p->inverse = 1.0f / y.quantization.scale();
  p->range = requantize_range(range.lo, range.hi, y.quantization.zero_point());
  ctx.params = p;
  return {};
}

template <class T, class To>
void quantize_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const Params p = *static_cast<const Params*>(call.params);
  conversion::convert<T, To>(call, tile, [=](T x) {
    auto v = static_cast<float>(x * p.inverse);
    int32_t q = round_half_even(clamp_or_low(v, p.range.lo, p.range.hi));
    return static_cast<To>(q + p.range.zero_point);
  });
}

void quantize_f64_reference(const KernelCall& call, uint32_t tile, uint32_t worker) {
  bool is_signed = call.out().type() == Type::int8;
  return is_signed ? quantize_reference<double, int8_t>(call, tile, worker)
                   : quantize_reference<double, uint8_t>(call, tile, worker);
}

constexpr Kernel kKernels[] = {
#include "ops/quantize/kernels.inc"
};

}  // namespace

extern const Operator quantize_operator;
extern const Kernel quantize_f64;

const Operator quantize_operator =
    conversion::make_operator(op_code::quantize, "quantize", check, kKernels);

const Kernel quantize_f64 = {.name = "quantize_f64_reference",
                             .reference = true,
                             .accepts = is_f64,
                             .prepare = prepare,
                             .tiles = elementwise_tiles,
                             .run = quantize_f64_reference};

}  // namespace mote
