// Moments of channels, compiled once per instruction set: plain loops for the vectorizer.
#pragma once

#include "train/ops/batch_norm_train/moments.h"

namespace mote {
namespace {

constexpr int64_t kGroup = 64;   // rows whose sums are in float32 (NUMERICS.md, 16.2)
constexpr int64_t kSamples = 8;  // every eighth row makes the shift
constexpr int64_t kChunk = 256;  // channels at once: 3 KiB of accumulators

struct Sums {
  float shift[kChunk], first[kChunk], second[kChunk];
};

// The mean of some of the rows. Of a group's deviations from it, at most sqrt(7) standard
// deviations lie between it and the mean: little is lost in the difference of the sums.
void find_shift(const float* x, int64_t rows, int64_t stride, int64_t n, float* shift) {
  int64_t samples = 0;
  for (int64_t c = 0; c < n; ++c) shift[c] = 0;
  for (int64_t r = 0; r < rows; r += kSamples, ++samples)
    for (int64_t c = 0; c < n; ++c) shift[c] += x[r * stride + c];
  const float share = 1.0f / static_cast<float>(samples);
  for (int64_t c = 0; c < n; ++c) shift[c] *= share;
}

// Sums of x - shift and its square, four rows at once: the accumulators are in memory.
void add_rows(const float* x, int64_t rows, int64_t stride, int64_t n, Sums& s) {
  for (int64_t c = 0; c < n; ++c) s.first[c] = s.second[c] = 0;
  int64_t r = 0;
  for (; r + 4 <= rows; r += 4, x += 4 * stride) {
    const float *x1 = x + stride, *x2 = x1 + stride, *x3 = x2 + stride;
    for (int64_t c = 0; c < n; ++c) {
      const float k = s.shift[c], a = x[c] - k, b = x1[c] - k, d = x2[c] - k, e = x3[c] - k;
      s.first[c] += (a + b) + (d + e);
      s.second[c] += (a * a + b * b) + (d * d + e * e);
    }
  }
  for (; r < rows; ++r, x += stride) {
    for (int64_t c = 0; c < n; ++c) {
      const float d = x[c] - s.shift[c];
      s.first[c] += d;
      s.second[c] += d * d;
    }
  }
}

// Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing sample
// variances", 1979: the moments of `seen` rows and of the group's `rows`.
void merge(const Sums& s, int64_t seen, int64_t rows, int64_t n, double* mean, double* m2) {
  const auto count = static_cast<double>(rows);
  const double part = 1 / count, share = count / static_cast<double>(seen + rows);
  const double weight = static_cast<double>(seen) * share;
  for (int64_t c = 0; c < n; ++c) {
    const double first = static_cast<double>(s.first[c]);
    const double spread = static_cast<double>(s.second[c]) - first * first * part;
    const double delta = static_cast<double>(s.shift[c]) + first * part - mean[c];
    mean[c] += delta * share;
    m2[c] += (spread > 0 ? spread : 0) + delta * delta * weight;
  }
}

void channel_moments(const float* x, int64_t rows, int64_t channels, double* mean, double* m2) {
  for (int64_t c = 0; c < channels; ++c) mean[c] = m2[c] = 0;
  for (int64_t c = 0; c < channels; c += kChunk) {
    const int64_t n = channels - c < kChunk ? channels - c : kChunk;
    for (int64_t r = 0; r < rows; r += kGroup) {
      const int64_t count = rows - r < kGroup ? rows - r : kGroup;
      const float* at = x + r * channels + c;
      Sums s;
      find_shift(at, count, channels, n, s.shift);
      add_rows(at, count, channels, n, s);
      merge(s, r, count, n, mean + c, m2 + c);
    }
  }
}

}  // namespace
}  // namespace mote
