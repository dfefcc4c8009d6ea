// The definition of transpose_conv2d (NUMERICS.md, 3.5).
#pragma once

#include "ops/activation_range.h"
#include "ops/conv2d/attributes.h"
#include "ops/conv2d/backward.h"

namespace mote {

inline constexpr size_t kLikeInput = 4;

// Of the convolution that is transposed: its input is this operator's output.
inline ConvWindow transposed_window(const OpView& v, const Shape& x, const Shape& y) {
  return backward_window(v.attributes<Conv2dAttrs>(), v.in(kWeightsInput).bounds.max(), y, x);
}
inline ConvWindow transposed_window(const KernelCall& call) {
  return transposed_window(*call.view, call.in(0).shape, call.out().shape);
}
inline int64_t transposed_input_places(const ConvWindow& w) { return w.n * w.h * w.w; }

inline uint32_t transpose_conv2d_reference_tiles(const KernelCall& call) {
  return place_tiles(transposed_input_places(transposed_window(call)),
                     element_count(call.view->in(kWeightsInput).bounds).max);
}

template <class T>
void transpose_conv2d_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const T *x = call.in(0).as<T>(), *weights = call.in(kWeightsInput).as<T>();
  const T* bias = operand_or_null<T>(call, kBiasInput);
  const auto& a = call.attributes<Conv2dAttrs>();
  ConvWindow g = transposed_window(call);
  RealRange range = real_activation_range(a.activation);
  int32_t inputs = weights_dim(*call.view, 0), per_group = inputs / a.groups;
  int64_t channels = weights_dim(*call.view, 3), taps = int64_t{g.kh} * g.kw;
  PlaceRange places = place_range(transposed_input_places(g),
                                  element_count(call.view->in(kWeightsInput).bounds).max, tile);
  for (int64_t p = places.begin; p < places.end; ++p) {
    T* y = call.out().as<T>() + p * g.c;
    for (int32_t c = 0; c < g.c; ++c) y[c] = T(0);
    for_each_reader(g, p, [&](int32_t i, int32_t j, int64_t place) {
      for (int64_t o = 0; o < inputs; ++o) {
        T value = x[place * inputs + o];
        const T* w = weights + (o * taps + int64_t{i} * g.kw + j) * channels;
        T* sums = y + o / per_group * channels;
        for (int64_t k = 0; k < channels; ++k) sums[k] += value * w[k];
      }
    });
    for (int32_t c = 0; c < g.c; ++c)
      y[c] = clamp_real(bias == nullptr ? y[c] : y[c] + bias[c], range);
  }
}

}  // namespace mote
