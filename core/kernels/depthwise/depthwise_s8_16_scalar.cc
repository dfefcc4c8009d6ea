// Vectors of 16 channels, which compilers split into what a processor has; plain loops they unroll
// instead of vectorizing.
#include <cstring>

#include "kernels/depthwise/runs.h"
#include "kernels/requantize_lanes.h"

namespace mote {
namespace {

constexpr int kBlock = 16;
using Bytes = int8_t __attribute__((vector_size(kBlock)));
using Words = int16_t __attribute__((vector_size(kBlock * 2)));
using Sums = int32_t __attribute__((vector_size(kBlock * 4)));
using WrappingSums = uint32_t __attribute__((vector_size(kBlock * 4)));

void whole_block(const DepthwiseS8Run& d, int b, int channel, int64_t x, int8_t* y) {
  WrappingSums acc;
  memcpy(&acc, d.bias + b * kBlock, sizeof acc);
  const int16_t* w = d.weights + int64_t{b} * d.tap_count * kBlock;
  for (int t = 0; t < d.tap_count; ++t, w += kBlock) {
    Bytes from;
    Words weights;
    memcpy(&from, d.taps[t] + x + channel, sizeof from);
    memcpy(&weights, w, sizeof weights);
    // At most 255 * 128 in magnitude: a product of 16 bits is exact.
    Words products = __builtin_convertvector(from, Words) * weights;
    acc += reinterpret_cast<WrappingSums>(__builtin_convertvector(products, Sums));
  }
  uint32_t sums[kBlock];
  memcpy(sums, &acc, sizeof sums);
  requantize_lanes<kBlock>(sums, d.scale + b * kBlock, {d.lo, d.hi, d.zero_point}, y + channel);
}

// Fewer channels than a block.
void part_block(const DepthwiseS8Run& d, int64_t x, int8_t* y) {
  uint32_t sums[kBlock];
  memcpy(sums, d.bias, sizeof sums);
  const int16_t* w = d.weights;
  for (int t = 0; t < d.tap_count; ++t, w += kBlock) {
    const int8_t* from = d.taps[t] + x;
    for (int i = 0; i < d.channels; ++i) sums[i] += static_cast<uint32_t>(from[i] * w[i]);
  }
  int8_t part[kBlock];
  requantize_lanes<kBlock>(sums, d.scale, {d.lo, d.hi, d.zero_point}, part);
  memcpy(y, part, static_cast<size_t>(d.channels));
}

void place(const DepthwiseS8Run& d, int64_t x, int8_t* y) {
  if (d.channels < kBlock) return part_block(d, x, y);
  int b = 0, channel = 0;
  for (; channel + kBlock <= d.channels; channel += kBlock) whole_block(d, b++, channel, x, y);
  if (channel < d.channels) whole_block(d, b, d.channels - kBlock, x, y);
}

}  // namespace

void depthwise_s8_16_scalar(const DepthwiseS8Run& d) {
  for (int p = 0; p < d.places; ++p) place(d, p * d.x_step, d.y + int64_t{p} * d.channels);
}

}  // namespace mote
