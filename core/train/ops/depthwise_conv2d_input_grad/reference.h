// The definition of depthwise_conv2d_input_grad (NUMERICS.md, 14.2).
#pragma once

#include "ops/conv2d/backward.h"
#include "ops/depthwise_conv2d/attributes.h"

namespace mote {

// Operands: dy, weights, and x for its shape.
inline constexpr size_t kGradX = 2;

inline ConvWindow depthwise_input_grad_window(const KernelCall& call) {
  return backward_window(call.attributes<DepthwiseConv2dAttrs>(), call.in(kWeightsInput).shape,
                         call.out().shape, call.in(0).shape);
}

inline uint32_t depthwise_conv2d_input_grad_reference_tiles(const KernelCall& call) {
  ConvWindow g = depthwise_input_grad_window(call);
  return place_tiles(g.n * g.h * g.w, call.in(kWeightsInput).elements());
}

template <class T>
void depthwise_conv2d_input_grad_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const T *dy = call.in(0).as<T>(), *weights = call.in(kWeightsInput).as<T>();
  ConvWindow g = depthwise_input_grad_window(call);
  int32_t multiplier = call.attributes<DepthwiseConv2dAttrs>().multiplier;
  int64_t outputs = int64_t{g.c} * multiplier;
  PlaceRange range = place_range(g.n * g.h * g.w, call.in(kWeightsInput).elements(), tile);
  for (int64_t p = range.begin; p < range.end; ++p) {
    T* dx = call.out().as<T>() + p * g.c;
    for (int32_t c = 0; c < g.c; ++c) dx[c] = T(0);
    for_each_reader(g, p, [&](int32_t i, int32_t j, int64_t place) {
      const T *from = dy + place * outputs, *w = weights + (int64_t{i} * g.kw + j) * outputs;
      for (int32_t c = 0; c < g.c; ++c)
        for (int32_t m = 0; m < multiplier; ++m) dx[c] += *from++ * *w++;
    });
  }
}

}  // namespace mote
