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

// The accumulators of one place.
inline Status transpose_conv2d_s8_prepare(PrepareContext& ctx) {
  ctx.scratch_bytes = static_cast<size_t>(ctx.view.out().bounds.dims[3].max) * sizeof(uint32_t);
  return {};
}

// (3.14), modulo 2^32.
inline void transposed_sums_s8(const KernelCall& call, const ConvWindow& g, int64_t place,
                               uint32_t* sums) {
  const int8_t *x = call.in(0).as<int8_t>(), *weights = call.in(kWeightsInput).as<int8_t>();
  const int32_t* bias = operand_or_null<int32_t>(call, kBiasInput);
  int32_t zero_x = call.view->in(0).quantization.zero_point();
  int32_t zero_w = call.view->in(kWeightsInput).quantization.zero_point();
  int32_t inputs = weights_dim(*call.view, 0);
  int32_t per_group = inputs / call.attributes<Conv2dAttrs>().groups;
  int64_t channels = weights_dim(*call.view, 3), taps = int64_t{g.kh} * g.kw;
  for (int32_t c = 0; c < g.c; ++c) sums[c] = bias == nullptr ? 0 : static_cast<uint32_t>(bias[c]);
  for_each_reader(g, place, [&](int32_t i, int32_t j, int64_t from) {
    for (int64_t o = 0; o < inputs; ++o) {
      int32_t value = x[from * inputs + o] - zero_x;
      const int8_t* w = weights + (o * taps + int64_t{i} * g.kw + j) * channels;
      uint32_t* group = sums + o / per_group * channels;
      for (int64_t k = 0; k < channels; ++k)
        group[k] += static_cast<uint32_t>(value * (w[k] - zero_w));
    }
  });
}

inline void transpose_conv2d_s8_reference(const KernelCall& call, uint32_t tile, uint32_t worker) {
  auto* sums = reinterpret_cast<uint32_t*>(call.scratch + worker * call.scratch_stride);
  ConvWindow g = transposed_window(call);
  ChannelScale scale = channel_scale(*call.view);
  RequantizeRange range = weighted_range(*call.view, call.attributes<Conv2dAttrs>().activation);
  PlaceRange places = place_range(transposed_input_places(g),
                                  element_count(call.view->in(kWeightsInput).bounds).max, tile);
  for (int64_t p = places.begin; p < places.end; ++p) {
    transposed_sums_s8(call, g, p, sums);
    int8_t* y = call.out().as<int8_t>() + p * g.c;
    for (int32_t c = 0; c < g.c; ++c)
      y[c] = static_cast<int8_t>(requantize(static_cast<int32_t>(sums[c]), scale(c), range));
  }
}

}  // namespace mote
