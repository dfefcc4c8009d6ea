// The definition of conv2d (NUMERICS.md, 3.1) on weights as they lie in the file.
#pragma once

#include "ops/activation_range.h"
#include "ops/conv2d/attributes.h"
#include "ops/conv2d/window.h"

namespace mote {

inline int64_t conv2d_products(const OpView& v) {
  return element_count(v.in(kWeightsInput).bounds).max;
}
inline uint32_t conv2d_reference_tiles(const KernelCall& call) {
  return place_tiles(conv_window<Conv2dAttrs>(call).places(), conv2d_products(*call.view));
}

// Calls add(x, w, count) for contiguous runs of taps of one output, in the order rows, columns,
// channels. `x` is the image, `w` the output channel's weights.
template <class T, class Add>
void for_each_tap_run(const ConvWindow& g, int32_t channel, int32_t channels, const T* x,
                      const T* w, int64_t row, TapRange rows, int64_t column, TapRange columns,
                      Add add) {
  if (columns.begin == columns.end) return;
  bool contiguous = g.dilation_w == 1 && channels == g.c;
  int32_t runs = contiguous ? 1 : columns.end - columns.begin;
  int64_t count = contiguous ? int64_t{columns.end - columns.begin} * channels : channels;
  for (int32_t i = rows.begin; i < rows.end; ++i) {
    int64_t line = row + int64_t{i} * g.dilation_h;
    int64_t first = column + int64_t{columns.begin} * g.dilation_w;
    const T* from = x + (line * g.w + first) * g.c + channel;
    const T* weights = w + (int64_t{i} * g.kw + columns.begin) * channels;
    for (int32_t j = 0; j < runs; ++j) {
      int64_t step = int64_t{j} * g.dilation_w * g.c;
      add(from + step, weights + int64_t{j} * channels, count);
    }
  }
}

// Calls finish(y, o, sum) with sum(x, w, count) added over the taps of each output.
template <class T, class Sum, class Add, class Finish>
void conv2d_loops(const KernelCall& call, uint32_t tile, Sum zero, Add add, Finish finish) {
  const T* x = call.in(0).as<T>();
  const T* weights = call.in(kWeightsInput).as<T>();
  T* y = call.out().as<T>();
  ConvWindow g = conv_window<Conv2dAttrs>(call);
  int32_t outputs = weights_dim(*call.view, 0), channels = weights_dim(*call.view, 3);
  int32_t per_group = outputs / call.attributes<Conv2dAttrs>().groups;
  int64_t terms = int64_t{g.kh} * g.kw * channels, image_size = int64_t{g.h} * g.w * g.c;
  PlaceRange range = place_range(g.places(), conv2d_products(*call.view), tile);
  for_each_place(g, range,
                 [&](int64_t place, int64_t image, int64_t row, TapRange rows, int64_t column,
                     TapRange columns) {
                   for (int32_t o = 0; o < outputs; ++o) {
                     Sum sum = zero;
                     for_each_tap_run(g, o / per_group * channels, channels, x + image * image_size,
                                      weights + o * terms, row, rows, column, columns,
                                      [&](const T* a, const T* w, int64_t count) {
                                        sum = add(sum, a, w, count);
                                      });
                     y[place * outputs + o] = finish(o, sum);
                   }
                 });
}

// Terms in their order, each operation rounded.
template <class T>
T add_products(T sum, const T* x, const T* w, int64_t count) {
  for (int64_t k = 0; k < count; ++k) sum += x[k] * w[k];
  return sum;
}
// Modulo 2^32.
struct AddProductsS8 {
  int32_t zx, zw;
  uint32_t operator()(uint32_t sum, const int8_t* x, const int8_t* w, int64_t count) const {
    for (int64_t k = 0; k < count; ++k) sum += static_cast<uint32_t>((x[k] - zx) * (w[k] - zw));
    return sum;
  }
};

// What follows the sum: bias, scale, activation.
template <class T>
struct FinishReal {
  const T* bias;
  RealRange range;
  T operator()(int64_t channel, T sum) const {
    return clamp_real(bias == nullptr ? sum : sum + bias[channel], range);
  }
};
struct FinishS8 {
  const int32_t* bias;
  ChannelScale scale;
  RequantizeRange range;
  int8_t operator()(int64_t channel, uint32_t sum) const {
    if (bias != nullptr) sum += static_cast<uint32_t>(bias[channel]);
    return static_cast<int8_t>(requantize(static_cast<int32_t>(sum), scale(channel), range));
  }
};
template <class T>
FinishReal<T> finish_real(const KernelCall& call, int32_t activation) {
  return {operand_or_null<T>(call, kBiasInput), real_activation_range(activation)};
}
inline FinishS8 finish_s8(const KernelCall& call, int32_t activation) {
  return {operand_or_null<int32_t>(call, kBiasInput), channel_scale(*call.view),
          weighted_range(*call.view, activation)};
}
inline AddProductsS8 add_products_s8(const KernelCall& call) {
  return {call.in(0).info->quantization.zero_point(),
          call.in(kWeightsInput).info->quantization.zero_point()};
}

template <class T>
void conv2d_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  conv2d_loops<T>(call, tile, T(0), add_products<T>,
                  finish_real<T>(call, call.attributes<Conv2dAttrs>().activation));
}

inline void conv2d_s8_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  conv2d_loops<int8_t>(call, tile, uint32_t{0}, add_products_s8(call),
                       finish_s8(call, call.attributes<Conv2dAttrs>().activation));
}

}  // namespace mote
