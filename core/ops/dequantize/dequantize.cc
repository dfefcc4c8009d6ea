// y = the real value of x (NUMERICS.md, 8.2); float16 widens exactly. int8 and uint8 constants may
// have one scale per element of a dimension.
#include "ops/conversion.h"

namespace mote {
namespace {

using conversion::Channels;
using conversion::is;

Status check(const OpView& v) {
  MOTE_TRY(check_output_type(v, Type::float32));
  const TensorInfo& x = v.in(0);
  if (x.type == Type::float16)
    return x.quantization.quantized() ? error(Code::quantization_unexpected, 0, 0) : Status{};
  if (!is_int8_like(x.type)) return error(Code::operand_type, 0, 0);
  if (x.kind != TensorKind::constant || !x.quantization.quantized()) return check_per_tensor(x, 0);
  return {};
}

template <class From, class T>
void dequantize_run(const From* x, T* y, int64_t n, int32_t zero_point, T scale) {
  for (int64_t i = 0; i < n; ++i) y[i] = static_cast<T>(x[i] - zero_point) * scale;
}

template <class From, class T>
void dequantize_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const From* x = call.in(0).as<From>();
  T* y = call.out().as<T>();
  const Quantization& q = call.in(0).info->quantization;
  Channels c = conversion::channels_of(call.in(0));
  Range r = elementwise_range(call, tile);
  for (int64_t i = r.begin; i < r.end;) {
    int64_t end = c.run_end(i, r.end);
    uint32_t channel = c.of(i);
    dequantize_run(x + i, y + i, end - i, q.zero_point(channel), T(q.scale(channel)));
    i = end;
  }
}

// IEEE 754 binary16 to binary32: the exponent is moved by a product, which also normalizes
// subnormal numbers; infinities and NaNs keep an exponent of ones.
float widen(uint16_t half) {
  uint32_t magnitude = (half & 0x7FFFu) << 13;
  float value = __builtin_bit_cast(float, magnitude) * 0x1p112f;
  uint32_t bits = __builtin_bit_cast(uint32_t, value);
  if (magnitude >= 0x0F800000u) bits |= 0x7F800000u;
  return __builtin_bit_cast(float, bits | (half & 0x8000u) << 16);
}

template <class T>
void widen_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  conversion::convert<uint16_t, T>(call, tile, [](uint16_t h) { return T(widen(h)); });
}

bool writes_f64(const OpView& v) { return v.out().type == Type::float64; }

void dequantize_f64_reference(const KernelCall& call, uint32_t tile, uint32_t worker) {
  switch (call.in(0).type()) {
    case Type::int8:
      return dequantize_reference<int8_t, double>(call, tile, worker);
    case Type::uint8:
      return dequantize_reference<uint8_t, double>(call, tile, worker);
    default:
      return widen_reference<double>(call, tile, worker);
  }
}

constexpr Kernel kKernels[] = {
#include "ops/dequantize/kernels.inc"
};

}  // namespace

extern const Operator dequantize_operator;
extern const Kernel dequantize_f64;

const Operator dequantize_operator =
    conversion::make_operator(op_code::dequantize, "dequantize", check, kKernels);

const Kernel dequantize_f64 = {.name = "dequantize_f64_reference",
                               .reference = true,
                               .accepts = writes_f64,
                               .tiles = elementwise_tiles,
                               .run = dequantize_f64_reference};

}  // namespace mote
