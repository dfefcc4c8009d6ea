// Arguments of the matrix micro-kernels. Included by files of any instruction set: plain data only.
#pragma once

#include <cstdint>

namespace mote {

// y[r][j] = requantized(bias[j] + sum over k of a[r][k] * b[k][j]) for `columns` of one block of NR
// columns. b is [k / interleave][NR][interleave]; sums wrap modulo 2^32.
struct GemmS8Block {
  const int16_t* a;
  int64_t a_stride;  // elements between rows
  const int16_t* b;
  int64_t k;  // a multiple of the interleave
  const int32_t* bias;
  const float* scale;
  float lo, hi;  // bounds before the zero point is added (NUMERICS.md, 2.1)
  int32_t zero_point;
  int32_t columns;  // 1..NR
  int8_t* y;
  int64_t y_stride;
  int64_t rows;
};

// y[r][j] = clamp(sum over k of a[r][k] * b[k][j] + bias[j]); terms in the order of k.
struct GemmF32Block {
  const float* a;
  int64_t a_stride;
  const float* b;
  int64_t k;
  const float* bias;
  float lo, hi;  // NaN passes through
  int32_t columns;
  float* y;
  int64_t y_stride;
  int64_t rows;
};

}  // namespace mote
