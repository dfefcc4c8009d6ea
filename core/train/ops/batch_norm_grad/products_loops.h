// The passes of batch_norm_grad, compiled once per instruction set: plain loops for the vectorizer.
#pragma once

#include "base/arch.h"
#include "train/ops/batch_norm_grad/products.h"

namespace mote {
namespace {

constexpr int64_t kGroup = 64;   // rows whose sums are in float32 (NUMERICS.md, 16.3)
constexpr int64_t kChunk = 256;  // channels at once: 2 KiB of accumulators

struct Sums {
  float sum[kChunk], product[kChunk];
};

// Four rows at once: the accumulators are in memory.
void add_rows(const float* dy, const float* x, const float* mean, int64_t rows, int64_t stride,
              int64_t n, Sums& s) {
  for (int64_t c = 0; c < n; ++c) s.sum[c] = s.product[c] = 0;
  int64_t r = 0;
  for (; r + 4 <= rows; r += 4, x += 4 * stride, dy += 4 * stride) {
    const float *x1 = x + stride, *x2 = x1 + stride, *x3 = x2 + stride;
    const float *y1 = dy + stride, *y2 = y1 + stride, *y3 = y2 + stride;
    for (int64_t c = 0; c < n; ++c) {
      const float m = mean[c];
      s.sum[c] += (dy[c] + y1[c]) + (y2[c] + y3[c]);
      s.product[c] +=
          (dy[c] * (x[c] - m) + y1[c] * (x1[c] - m)) + (y2[c] * (x2[c] - m) + y3[c] * (x3[c] - m));
    }
  }
  for (; r < rows; ++r, x += stride, dy += stride) {
    for (int64_t c = 0; c < n; ++c) {
      s.sum[c] += dy[c];
      s.product[c] += dy[c] * (x[c] - mean[c]);
    }
  }
}

void channel_products(const float* dy, const float* x, const float* mean, int64_t rows,
                      int64_t channels, const ChannelProducts& out) {
  for (int64_t c = 0; c < channels; c += kChunk) {
    const int64_t n = channels - c < kChunk ? channels - c : kChunk;
    double *sum = out.sum + c, *product = out.product + c;
    for (int64_t i = 0; i < n; ++i) sum[i] = product[i] = 0;
    for (int64_t r = 0; r < rows; r += kGroup) {
      const int64_t count = rows - r < kGroup ? rows - r : kGroup, at = r * channels + c;
      Sums s;
      add_rows(dy + at, x + at, mean + c, count, channels, n, s);
      for (int64_t i = 0; i < n; ++i) {
        sum[i] += static_cast<double>(s.sum[i]);
        product[i] += static_cast<double>(s.product[i]);
      }
    }
  }
}

void input_gradient(const float* dy, const float* x, int64_t rows, int64_t channels,
                    const ChannelSlopes& s, float* dx) {
  const float *mean = s.mean, *level = s.level, *slope = s.slope, *multiplier = s.multiplier;
  for (int64_t r = 0; r < rows; ++r, x += channels, dy += channels, dx += channels) {
    MOTE_INDEPENDENT
    for (int64_t c = 0; c < channels; ++c)
      dx[c] = ((dy[c] - level[c]) - (x[c] - mean[c]) * slope[c]) * multiplier[c];
  }
}

}  // namespace
}  // namespace mote
