// Quantized add and mul, compiled once per instruction set: plain loops for the vectorizer.
#pragma once

#include "kernels/binary/quantized.h"
#include "kernels/binary/rows.h"

namespace mote {
namespace {

inline int32_t clamp_s32(int32_t v, int32_t lo, int32_t hi) {
  v = v < lo ? lo : v;
  return v > hi ? hi : v;
}

// NUMERICS.md (5.6) with the terms that do not depend on the element summed before; modulo 2^32.
void add_s8_row(const int8_t* a, int64_t a_step, const int8_t* b, int64_t b_step, int8_t* y,
                int64_t n, const AddS8Params& params) {
  const AddS8Params p = params;
  const auto ma = static_cast<uint32_t>(p.a_multiplier), mb = static_cast<uint32_t>(p.b_multiplier);
  const uint32_t bias = (1u << (p.shift - 1)) - static_cast<uint32_t>(p.a_zero) * ma -
                        static_cast<uint32_t>(p.b_zero) * mb;
  apply_row<int8_t>(a, a_step, b, b_step, y, n, [=](int8_t va, int8_t vb) {
    uint32_t acc = static_cast<uint32_t>(va) * ma + static_cast<uint32_t>(vb) * mb + bias;
    int32_t v = (static_cast<int32_t>(acc) >> p.shift) + p.y_zero;
    return static_cast<int8_t>(clamp_s32(v, p.lo, p.hi));
  });
}

// NUMERICS.md (5.9); rounding as in base/requantize.h.
void mul_s8_row(const int8_t* a, int64_t a_step, const int8_t* b, int64_t b_step, int8_t* y,
                int64_t n, const MulS8Params& params) {
  const MulS8Params p = params;
  const int32_t offset = p.y_zero - 0x4B400000;
  apply_row<int8_t>(a, a_step, b, b_step, y, n, [=](int8_t va, int8_t vb) {
    float v = static_cast<float>((va - p.a_zero) * (vb - p.b_zero)) * p.scale;
    v = v > p.lo ? v : p.lo;
    v = v < p.hi ? v : p.hi;
    return static_cast<int8_t>(__builtin_bit_cast(int32_t, v + 12582912.0f) + offset);
  });
}

}  // namespace
}  // namespace mote
