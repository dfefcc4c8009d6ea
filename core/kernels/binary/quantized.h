// Quantized add, sub and mul on rows: plain arguments, shared by every instruction set.
#pragma once

#include <cstdint>

namespace mote {

// NUMERICS.md (5.6), (5.7). sub: b_multiplier is negative.
struct AddS8Params {
  int32_t a_zero, b_zero, y_zero;
  int32_t a_multiplier, b_multiplier;
  int32_t shift;  // k, in [13, 30]
  int32_t lo, hi;
};

// NUMERICS.md (5.9).
struct MulS8Params {
  int32_t a_zero, b_zero, y_zero;
  float scale;
  float lo, hi;  // of the result without its zero point
};

// One row (BroadcastRow): steps are 0 or 1; y may be a or b where their step is 1.
void add_s8_row_avx2(const int8_t* a, int64_t a_step, const int8_t* b, int64_t b_step, int8_t* y,
                     int64_t n, const AddS8Params& p);
void mul_s8_row_avx2(const int8_t* a, int64_t a_step, const int8_t* b, int64_t b_step, int8_t* y,
                     int64_t n, const MulS8Params& p);

}  // namespace mote
