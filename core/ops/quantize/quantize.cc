// y = the stored value nearest to x (NUMERICS.md, 8.1). int8 and int32 may have one scale per
// element of a dimension: weights and biases that are computed from states.
#include "ops/activation_range.h"
#include "ops/conversion.h"

namespace mote {
namespace {

using conversion::Channels;
using conversion::is;

// A bias within this and 2^15 products of int8 add up to less than 2^31.
constexpr int32_t kBiasLimit = 1 << 30;

// More than one scale, and every int32, goes with zero points of 0 alone.
Status check_zero_points(const Quantization& q) {
  for (uint32_t i = 0; i < q.scale_count; ++i)
    if (q.zero_point(i) != 0) return error(Code::zero_point_range, 0, q.zero_point(i));
  return {};
}

Status check(const OpView& v) {
  if (v.in(0).type != Type::float32) return error(Code::operand_type, 0, 0);
  const TensorInfo& y = v.out();
  if (y.type == Type::uint8) return check_per_tensor(y, 1);
  if (y.type != Type::int8 && y.type != Type::int32) return error(Code::operand_type, 0, 1);
  if (!y.quantization.quantized()) return error(Code::quantization_missing, 0, 1);
  bool symmetric = y.quantization.scale_count > 1 || y.type == Type::int32;
  return symmetric ? check_zero_points(y.quantization) : Status{};
}

RequantizeRange range_of(const TensorInfo& y) {
  if (y.type == Type::int32) return requantize_range(-kBiasLimit, kBiasLimit, 0);
  StoredRange range = type_range(y.type);
  return requantize_range(range.lo, range.hi, y.quantization.zero_point());
}

template <class To>
int32_t round_to(float v) {
  return sizeof(To) == 1 ? round_half_even(v) : round_half_even_wide(v);
}

template <class T, class To>
void quantize_run(const T* x, To* y, int64_t n, float inverse, const RequantizeRange& range) {
  MOTE_INDEPENDENT
  for (int64_t i = 0; i < n; ++i) {
    auto v = static_cast<float>(x[i] * inverse);
    int32_t q = round_to<To>(clamp_or_low(v, range.lo, range.hi));
    y[i] = static_cast<To>(q + range.zero_point);
  }
}

template <class T, class To>
void quantize_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const T* x = call.in(0).as<T>();
  To* y = call.out().as<To>();
  const TensorInfo& info = *call.out().info;
  Channels c = conversion::channels_of(call.out());
  RequantizeRange range = range_of(info);
  Range r = elementwise_range(call, tile);
  for (int64_t i = r.begin; i < r.end;) {
    int64_t end = c.run_end(i, r.end);
    quantize_run(x + i, y + i, end - i, 1.0f / info.quantization.scale(c.of(i)), range);
    i = end;
  }
}

void quantize_f64_reference(const KernelCall& call, uint32_t tile, uint32_t worker) {
  switch (call.out().type()) {
    case Type::int8:
      return quantize_reference<double, int8_t>(call, tile, worker);
    case Type::uint8:
      return quantize_reference<double, uint8_t>(call, tile, worker);
    default:
      return quantize_reference<double, int32_t>(call, tile, worker);
  }
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
                             .tiles = elementwise_tiles,
                             .run = quantize_f64_reference};

}  // namespace mote
