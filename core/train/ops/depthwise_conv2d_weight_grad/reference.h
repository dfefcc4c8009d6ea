// The definition of depthwise_conv2d_weight_grad (NUMERICS.md, 14.3).
#pragma once

#include "ops/depthwise_conv2d/attributes.h"
#include "train/ops/conv2d_weight_grad/reference.h"

namespace mote {

// A tile is a tap.
inline uint32_t depthwise_conv2d_weight_grad_reference_tiles(const KernelCall& call) {
  return static_cast<uint32_t>(call.out().dim(1)) * static_cast<uint32_t>(call.out().dim(2));
}

template <class T>
void depthwise_conv2d_weight_grad_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const T *x = call.in(0).as<T>(), *dy = call.in(kGradInput).as<T>();
  ConvWindow g = weight_grad_window<DepthwiseConv2dAttrs>(call);
  int32_t multiplier = call.attributes<DepthwiseConv2dAttrs>().multiplier;
  auto i = static_cast<int32_t>(tile) / g.kw, j = static_cast<int32_t>(tile) % g.kw;
  int64_t outputs = call.out().dim(3);
  T* sums = call.out().as<T>() + tile * outputs;
  for (int64_t o = 0; o < outputs; ++o) sums[o] = T(0);
  for (int64_t p = 0; p < g.places(); ++p) {
    int64_t line = p / g.ow, image = line / g.oh;
    int64_t row = g.first_row(static_cast<int32_t>(line % g.oh)) + int64_t{i} * g.dilation_h;
    int64_t column = g.first_column(static_cast<int32_t>(p % g.ow)) + int64_t{j} * g.dilation_w;
    if (row < 0 || row >= g.h || column < 0 || column >= g.w) continue;
    const T* from = x + ((image * g.h + row) * g.w + column) * g.c;
    for (int32_t c = 0; c < g.c; ++c)
      for (int32_t m = 0; m < multiplier; ++m) {
        int64_t o = int64_t{c} * multiplier + m;
        sums[o] += dy[p * outputs + o] * from[c];
      }
  }
}

}  // namespace mote
