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

// Rows of weights, less their zero point, to lanes of a block b[k / interleave][NR][interleave].
struct GemmS8Lanes {
  const int8_t* weights;
  int64_t stride;  // elements between rows
  int32_t lanes;   // 1..NR
  int64_t terms;
  int32_t zero_point;
  int16_t* to;
};

// y[r][j] = clamp(sum over k of a[r * a_row + k * a_k] * b[k * b_k + j] + bias[j]) for `columns` of
// one block of NR columns. The sum starts from 0 or from y[r][j] and takes its terms in the order
// of k: a product cut into ranges of k gives the bits of the whole, and a row's result does not
// depend on the rows beside it. Nothing beyond `columns` is read or written, but in rows of a
// padded b.
struct GemmF32Block {
  const float* a;
  int64_t a_row, a_k;  // elements between rows, between terms; a transposed matrix has a_row 1
  const float* b;
  int64_t b_k;  // elements between terms: NR when packed
  int64_t k;
  const float* bias;  // null: none
  float lo, hi;       // NaN passes through; infinities: no clamp
  int32_t columns;    // 1..NR
  bool padded;        // rows of b may be read to their NR-th element
  bool accumulate;    // start from y
  float* y;
  int64_t y_stride;
  int64_t rows;
};

}  // namespace mote
