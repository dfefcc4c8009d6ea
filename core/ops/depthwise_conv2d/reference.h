// The definition of depthwise_conv2d (NUMERICS.md, 3.2) on weights as they lie in the file.
#pragma once

#include "ops/conv2d/reference.h"
#include "ops/depthwise_conv2d/attributes.h"

namespace mote {

// Outputs whose sums are held at once: few enough for a small stack, enough to share index
// arithmetic.
inline constexpr int32_t kDepthwiseBlock = 32;

// Adds one tap to the sums of outputs [first, first + count); x and w are the tap's channels.
template <class T, class Sum, class Multiply>
void add_tap(const T* x, const T* w, int32_t multiplier, int32_t first, int32_t count, Sum* sums,
             Multiply multiply) {
  w += first;
  if (multiplier == 1) {
    for (int32_t i = 0; i < count; ++i) sums[i] += multiply(x[first + i], w[i]);
    return;
  }
  int32_t channel = first / multiplier, within = first % multiplier;
  for (int32_t i = 0; i < count; ++i) {
    sums[i] += multiply(x[channel], w[i]);
    if (++within < multiplier) continue;
    within = 0;
    ++channel;
  }
}

template <class T, class Sum, class Multiply, class Finish>
void depthwise_loops(const KernelCall& call, uint32_t tile, Multiply multiply, Finish finish) {
  const T* x = call.in(0).as<T>();
  const T* weights = call.in(kWeightsInput).as<T>();
  T* y = call.out().as<T>();
  ConvWindow g = conv_window<DepthwiseConv2dAttrs>(call);
  int32_t multiplier = call.attributes<DepthwiseConv2dAttrs>().multiplier;
  int32_t outputs = weights_dim(*call.view, 3);
  PlaceRange range = place_range(g.places(), conv2d_products(*call.view), tile);
  for_each_place(g, range,
                 [&](int64_t place, int64_t image, int64_t row, TapRange rows, int64_t column,
                     TapRange columns) {
                   for (int32_t o = 0; o < outputs; o += kDepthwiseBlock) {
                     int32_t count = outputs - o < kDepthwiseBlock ? outputs - o : kDepthwiseBlock;
                     Sum sums[kDepthwiseBlock] = {};
                     for (int32_t i = rows.begin; i < rows.end; ++i)
                       for (int32_t j = columns.begin; j < columns.end; ++j) {
                         int64_t line = image * g.h + row + int64_t{i} * g.dilation_h;
                         int64_t from = line * g.w + column + int64_t{j} * g.dilation_w;
                         add_tap(x + from * g.c, weights + (int64_t{i} * g.kw + j) * outputs,
                                 multiplier, o, count, sums, multiply);
                       }
                     for (int32_t i = 0; i < count; ++i)
                       y[place * outputs + o + i] = finish(o + i, sums[i]);
                   }
                 });
}

template <class T>
void depthwise_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  depthwise_loops<T, T>(
      call, tile, [](T x, T w) { return x * w; },
      finish_real<T>(call, call.attributes<DepthwiseConv2dAttrs>().activation));
}

inline void depthwise_s8_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  AddProductsS8 z = add_products_s8(call);
  depthwise_loops<int8_t, uint32_t>(
      call, tile,
      [z](int8_t x, int8_t w) { return static_cast<uint32_t>((x - z.zx) * (w - z.zw)); },
      finish_s8(call, call.attributes<DepthwiseConv2dAttrs>().activation));
}

}  // namespace mote
