// Real values in and out of ports (NUMERICS.md, quantize and dequantize).
#include <cstring>

#include "base/arch.h"
#include "base/requantize.h"
#include "run/session_impl.h"

namespace mote {
namespace {

Status check_values(const Tensor& t, size_t count) {
  if (static_cast<uint64_t>(t.elements()) != count) {
    return error(Code::buffer_size, t.elements() * 4, static_cast<int64_t>(count * 4));
  }
  if (t.type() == Type::float32) return {};
  if (t.type() != Type::int8 && t.type() != Type::uint8) {
    return error(Code::element_type, static_cast<int64_t>(Type::float32),
                 static_cast<int64_t>(t.type()));
  }
  return t.info->quantization.scale_count == 1 ? Status{} : error(Code::not_quantized);
}

template <class T>
void quantize(const float* in, T* out, size_t count, const Quantization& q, int32_t lo,
              int32_t hi) {
  RequantizeRange range = requantize_range(lo, hi, q.zero_point());
  float inverse = 1.0f / q.scale();
  for (size_t i = 0; i < count; ++i) {
    float v = clamp_or_low(in[i] * inverse, range.lo, range.hi);
    out[i] = static_cast<T>(round_half_even(v) + range.zero_point);
  }
}

template <class T>
void dequantize(const T* in, float* out, size_t count, const Quantization& q) {
  for (size_t i = 0; i < count; ++i) {
    out[i] = static_cast<float>(in[i] - q.zero_point()) * q.scale();
  }
}

}  // namespace

Status Session::write_float(uint32_t e, uint32_t input, Span<const float> values) {
  if (!valid()) return error(Code::invalid_handle);
  int32_t index = 0;
  MOTE_TRY(impl_->input_tensor(e, input, &index));
  const Tensor& t = impl_->tensor(index);
  MOTE_TRY(check_values(t, values.size));
  Span<uint8_t> bound = impl_->bindings[impl_->input_binding(e, input)];
  if (bound.data != nullptr) return error(Code::invalid_argument, 0, 0, "input (it is bound)");
  FloatEnvironment environment;
  const Quantization& q = t.info->quantization;
  if (t.type() == Type::float32) memcpy(t.data, values.data, values.size * sizeof(float));
  if (t.type() == Type::int8) quantize(values.data, t.as<int8_t>(), values.size, q, -128, 127);
  if (t.type() == Type::uint8) quantize(values.data, t.as<uint8_t>(), values.size, q, 0, 255);
  return {};
}

Status Session::read_float(uint32_t e, uint32_t output, Span<float> values) const {
  if (!valid()) return error(Code::invalid_handle);
  int32_t index = 0;
  MOTE_TRY(impl_->output_tensor(e, output, &index));
  MOTE_TRY(impl_->check_binding(impl_->output_binding(e, output), index));
  const Tensor& t = impl_->tensor(index);
  MOTE_TRY(check_values(t, values.size));
  FloatEnvironment environment;
  const Quantization& q = t.info->quantization;
  if (t.type() == Type::float32) memcpy(values.data, t.data, values.size * sizeof(float));
  if (t.type() == Type::int8) dequantize(t.as<int8_t>(), values.data, values.size, q);
  if (t.type() == Type::uint8) dequantize(t.as<uint8_t>(), values.data, values.size, q);
  return {};
}

}  // namespace mote
