// The rounding recipes that many operators share (NUMERICS.md, requantization).
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

namespace mote {

// Nearest integer, half to even, for |x| <= 2^22: adding 1.5 * 2^23 leaves the integer in the low
// mantissa bits, rounded by the addition itself (Hacker's Delight, 17-1). Free of libm.
inline int32_t round_half_even(float x) {
  float biased = x + 12582912.0f;
  int32_t bits;
  memcpy(&bits, &biased, sizeof bits);
  return bits - 0x4B400000;
}

// The same for |x| < 2^31, where a half may need one bit more than a float has: in double.
inline int32_t round_half_even_wide(float x) {
  double biased = static_cast<double>(x) + 6755399441055744.0;  // 1.5 * 2^52
  uint64_t bits;
  memcpy(&bits, &biased, sizeof bits);
  return static_cast<int32_t>(static_cast<uint32_t>(bits));
}

// Clamps as NUMERICS.md defines it for any float: NaN gives `lo`.
inline float clamp_or_low(float v, float lo, float hi) {
  if (!(v > lo)) v = lo;
  return v > hi ? hi : v;
}

// Float32 requantization. `lo` and `hi` bound the result, zero point included.
struct RequantizeRange {
  float lo, hi;  // without the zero point
  int32_t zero_point;
};
inline RequantizeRange requantize_range(int32_t lo, int32_t hi, int32_t zero_point) {
  return {static_cast<float>(lo - zero_point), static_cast<float>(hi - zero_point), zero_point};
}
inline int32_t requantize(int32_t acc, float scale, const RequantizeRange& r) {
  return round_half_even(clamp_or_low(static_cast<float>(acc) * scale, r.lo, r.hi)) + r.zero_point;
}
inline int32_t requantize(int64_t acc, float scale, const RequantizeRange& r) {
  return round_half_even(clamp_or_low(static_cast<float>(acc) * scale, r.lo, r.hi)) + r.zero_point;
}

// round(real / scale) + zero_point, saturated to [lo, hi]: where an activation's bound lies.
inline int32_t quantized_bound(float real, float scale, int32_t zero_point, int32_t lo,
                               int32_t hi) {
  float v = clamp_or_low(real / scale, static_cast<float>(lo - zero_point),
                         static_cast<float>(hi - zero_point));
  return round_half_even(v) + zero_point;
}

}  // namespace mote
