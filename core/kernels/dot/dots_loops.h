// The sums of products, compiled once per instruction set: plain loops for the vectorizer, which
// makes pairs of 16-bit products with one addition of them.
#pragma once

#include "kernels/dot/dots.h"

namespace mote {
namespace {

// Sums of this many products stay below 2^31: 255 * 128 * 2^16.
constexpr int64_t kPiece = int64_t{1} << 16;

// Four rows share the loads of `a`.
void four_dots(const int16_t* a, const int8_t* b, int64_t n, int64_t stride, uint32_t* out) {
  const int8_t *b0 = b, *b1 = b + stride, *b2 = b + 2 * stride, *b3 = b + 3 * stride;
  int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  for (int64_t t = 0; t < n; ++t) {
    const int32_t x = a[t];
    s0 += x * static_cast<int16_t>(b0[t]);
    s1 += x * static_cast<int16_t>(b1[t]);
    s2 += x * static_cast<int16_t>(b2[t]);
    s3 += x * static_cast<int16_t>(b3[t]);
  }
  out[0] += static_cast<uint32_t>(s0);
  out[1] += static_cast<uint32_t>(s1);
  out[2] += static_cast<uint32_t>(s2);
  out[3] += static_cast<uint32_t>(s3);
}

void one_dot(const int16_t* a, const int8_t* b, int64_t n, uint32_t* out) {
  int32_t sum = 0;
  for (int64_t t = 0; t < n; ++t) sum += int32_t{a[t]} * static_cast<int16_t>(b[t]);
  *out += static_cast<uint32_t>(sum);
}

void dots_s16_s8(const int16_t* a, const int8_t* b, int64_t n, int64_t rows, uint32_t* out) {
  for (int64_t j = 0; j < rows; ++j) out[j] = 0;
  for (int64_t begin = 0; begin < n; begin += kPiece) {
    const int64_t count = n - begin < kPiece ? n - begin : kPiece;
    int64_t j = 0;
    for (; j + 4 <= rows; j += 4) four_dots(a + begin, b + j * n + begin, count, n, out + j);
    for (; j < rows; ++j) one_dot(a + begin, b + j * n + begin, count, out + j);
  }
}

constexpr DotKernels kDots = {dots_s16_s8};

}  // namespace
}  // namespace mote
