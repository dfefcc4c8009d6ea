// Sums of products of one row with several: plain arguments, shared by every instruction set.
#pragma once

#include <cstdint>

namespace mote {

struct DotKernels {
  // out[j] = sum of a[t] * b[j * n + t] for t < n, modulo 2^32, for j < rows; |a| <= 255.
  void (*s16_s8)(const int16_t* a, const int8_t* b, int64_t n, int64_t rows, uint32_t* out);
};

extern const DotKernels dots_portable;
extern const DotKernels dots_avx2;

}  // namespace mote
