// The sums, compiled once per instruction set: plain loops for the vectorizer.
#pragma once

#include "kernels/reduce/sums.h"

namespace mote {
namespace {

constexpr int64_t kLanes = 32;

float sum_f32(const float* x, int64_t n) {
  float lanes[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (int64_t j = 0; j < kLanes; ++j) lanes[j] += x[i + j];
  for (int64_t j = 0; i < n; ++i, ++j) lanes[j] += x[i];
  for (int64_t half = kLanes / 2; half > 0; half /= 2)
    for (int64_t j = 0; j < half; ++j) lanes[j] += lanes[j + half];
  return lanes[0];
}

int32_t sum_s8(const int8_t* x, int64_t n) {
  int32_t sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += x[i];
  return sum;
}

void add_rows_f32(const float* x, int64_t rows, int64_t stride, int64_t n, float* acc) {
  for (int64_t r = 0; r < rows; ++r, x += stride)
    for (int64_t c = 0; c < n; ++c) acc[c] += x[c];
}

void add_rows_s8(const int8_t* x, int64_t rows, int64_t stride, int64_t n, int32_t* acc) {
  for (int64_t r = 0; r < rows; ++r, x += stride)
    for (int64_t c = 0; c < n; ++c) acc[c] += x[c];
}

constexpr SumKernels kSums = {sum_f32, sum_s8, add_rows_f32, add_rows_s8};

}  // namespace
}  // namespace mote
