// float16 (IEEE 754 binary16) and bfloat16 (the upper half of binary32) from and to float32.
#pragma once

#include <cstdint>

namespace mote {

// Exact.
inline float from_float16(uint16_t half) {
  uint32_t sign = (half & 0x8000u) << 16, magnitude = (half & 0x7FFFu) << 13;
  if (magnitude >= 0x7C00u << 13)  // infinity, NaN
    return __builtin_bit_cast(float, sign | 0x7F800000u | magnitude);
  // The exponent's bias becomes 127 by a product, which normalizes subnormal numbers too.
  float value = __builtin_bit_cast(float, magnitude) * 0x1p112f;
  return __builtin_bit_cast(float, sign | __builtin_bit_cast(uint32_t, value));
}
inline float from_bfloat16(uint16_t bits) {
  return __builtin_bit_cast(float, static_cast<uint32_t>(bits) << 16);
}

// To nearest even; NaN gives a quiet NaN.
inline uint16_t to_float16(float x) {
  uint32_t bits = __builtin_bit_cast(uint32_t, x), magnitude = bits & 0x7FFFFFFFu, half;
  if (magnitude > 0x7F800000u) {
    half = 0x7E00;
  } else if (magnitude >= 0x47800000u) {  // 2^16
    half = 0x7C00;
  } else if (magnitude < 0x38800000u) {  // 2^-14: a sum with 0.5 has the step of subnormals, 2^-24
    float sum = __builtin_bit_cast(float, magnitude) + 0.5f;
    half = __builtin_bit_cast(uint32_t, sum) - 0x3F000000u;
  } else {
    half = (magnitude + 0xFFFu + (magnitude >> 13 & 1) - 0x38000000u) >> 13;
  }
  return static_cast<uint16_t>((bits >> 16 & 0x8000u) | half);
}
inline uint16_t to_bfloat16(float x) {
  uint32_t bits = __builtin_bit_cast(uint32_t, x);
  if ((bits & 0x7FFFFFFFu) > 0x7F800000u)
    return static_cast<uint16_t>((bits >> 16 & 0x8000u) | 0x7FC0u);
  return static_cast<uint16_t>((bits + 0x7FFFu + (bits >> 16 & 1)) >> 16);
}

}  // namespace mote
