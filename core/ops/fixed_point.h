// Fixed-point arithmetic of TensorFlow Lite's quantized recurrent operators: multipliers with a
// shift, exp, sigmoid and tanh of 16-bit numbers (NUMERICS.md, 20.4). The constants are gemmlowp's.
#pragma once

#include <cmath>
#include <cstdint>

namespace mote::fixed_point {

// "Qn": 16 bits, n of them before the point beside the sign.

constexpr int32_t clamp32(int64_t v, int64_t lo, int64_t hi) {
  return static_cast<int32_t>(v < lo ? lo : v > hi ? hi : v);
}
constexpr int16_t clamp16(int64_t v) {
  return static_cast<int16_t>(clamp32(v, INT16_MIN, INT16_MAX));
}
constexpr int16_t wrap16(int32_t v) {
  return static_cast<int16_t>(static_cast<uint16_t>(static_cast<uint32_t>(v)));
}
constexpr int32_t wrap32(int64_t v) {
  return static_cast<int32_t>(static_cast<uint32_t>(static_cast<uint64_t>(v)));
}

// (20.10) v / 2^shift, halves away from zero; shift from 0 to 31.
constexpr int32_t rounded_shift(int32_t v, int shift) {
  if (shift == 0) return v;
  const int64_t half = int64_t{1} << (shift - 1), magnitude = v < 0 ? -int64_t{v} : v;
  const int64_t q = (magnitude + half) >> shift;
  return static_cast<int32_t>(v < 0 ? -q : q);
}

// (20.11) 2ab / 2^32, rounded.
constexpr int32_t high_product32(int32_t a, int32_t b) {
  if (a == INT32_MIN && b == INT32_MIN) return INT32_MAX;
  const int64_t product = int64_t{a} * b;
  const int64_t nudge = product >= 0 ? 1 << 30 : 1 - (1 << 30);
  return static_cast<int32_t>((product + nudge) / (int64_t{1} << 31));
}
constexpr int16_t high_product16(int16_t a, int16_t b) {
  if (a == INT16_MIN && b == INT16_MIN) return INT16_MAX;
  const int32_t product = int32_t{a} * b;
  const int32_t nudge = product >= 0 ? 1 << 14 : 1 - (1 << 14);
  return static_cast<int16_t>((product + nudge) / (1 << 15));
}

// (20.12) A float as multiplier / 2^31 * 2^shift.
struct Multiplier {
  int32_t value;
  int shift;  // at most 30
};
inline Multiplier multiplier_of(float scale) {
  int shift = 0;
  const double fraction = std::frexp(static_cast<double>(scale), &shift);
  if (shift < -31 || fraction == 0) return {0, 0};
  return {static_cast<int32_t>(fraction * 0x1p31), shift};
}
constexpr int32_t multiply(int32_t v, const Multiplier& m) {
  if (m.shift > 0) return high_product32(wrap32(int64_t{v} << m.shift), m.value);
  return rounded_shift(high_product32(v, m.value), -m.shift);
}

// (20.13) exp of a Q0 number in [-1/4, 0): four terms around -1/8.
constexpr int16_t exp_quarter(int16_t a) {
  constexpr int16_t kExpOfEighth = 28918, kThird = 10923;
  const int16_t x = wrap16(a + (1 << 12));
  const int16_t x2 = high_product16(x, x), x3 = high_product16(x2, x), x4 = high_product16(x2, x2);
  const int16_t sum = wrap16(rounded_shift(x4, 2) + x3);
  const auto tail =
      static_cast<int16_t>(rounded_shift(wrap16(high_product16(sum, kThird) + x2), 1));
  return clamp16(kExpOfEighth + high_product16(kExpOfEighth, wrap16(x + tail)));
}

// (20.14) exp of a number of Q`integer_bits` that is not positive, as Q0.
constexpr int16_t exp_of_negative(int16_t a, int integer_bits) {
  // exp(-2^k) for k = -2 ... 4.
  constexpr int16_t kFactors[] = {25520, 19875, 12055, 4435, 600, 11, 0};
  if (a == 0) return INT16_MAX;
  const int fraction_bits = 15 - integer_bits;
  if (integer_bits > 5 && a < -(1 << (20 - integer_bits))) return 0;  // below -32
  const int32_t quarter = 1 << (fraction_bits - 2);
  const auto within = static_cast<int16_t>((a & (quarter - 1)) - quarter);
  int16_t result = exp_quarter(clamp16(int64_t{within} * (1 << integer_bits)));
  const int32_t rest = wrap16(within - a);
  for (int k = -2; k <= 4 && k < integer_bits; ++k)
    if ((rest & (1 << (fraction_bits + k))) != 0) result = high_product16(result, kFactors[k + 2]);
  return result;
}

// (20.15) 2 / (1 + a) as Q2 for a Q0 number in [0, 1): Newton's division, three steps.
constexpr int16_t reciprocal_of_half_sum(int16_t a) {
  constexpr int16_t k48Over17 = 23130, kMinus32Over17 = -15420, kOne = 1 << 13;
  const int32_t sum = int32_t{a} + INT16_MAX;
  const auto half = static_cast<int16_t>((sum + (sum >= 0 ? 1 : -1)) / 2);
  int16_t x = wrap16(k48Over17 + high_product16(half, kMinus32Over17));
  for (int i = 0; i < 3; ++i) {
    const int16_t miss = wrap16(kOne - high_product16(half, x));
    x = wrap16(x + clamp16(int64_t{high_product16(x, miss)} * 4));
  }
  return x;
}

// (20.16) Q3 to Q0.
constexpr int16_t sigmoid(int16_t a) {
  if (a == 0) return 1 << 14;
  const int16_t magnitude = a > 0 ? a : wrap16(-int32_t{a});
  const int16_t e = exp_of_negative(wrap16(-int32_t{magnitude}), 3);
  const int16_t positive = clamp16(int64_t{reciprocal_of_half_sum(e)} * 2);
  return a > 0 ? positive : wrap16(INT16_MAX - positive);
}

// (20.17) Q`integer_bits` (0 to 6) to Q0.
constexpr int16_t tanh(int16_t a, int integer_bits) {
  if (a == 0) return 0;
  const int16_t negative = a < 0 ? a : wrap16(-int32_t{a});
  const int16_t e = exp_of_negative(negative, integer_bits + 1);
  const int16_t t = clamp16(int64_t{wrap16(reciprocal_of_half_sum(e) - (1 << 13))} * 4);
  return a < 0 ? wrap16(-int32_t{t}) : t;
}

}  // namespace mote::fixed_point
