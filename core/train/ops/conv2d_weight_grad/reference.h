// The definition of conv2d_weight_grad (NUMERICS.md, 14.1).
#pragma once

#include "ops/conv2d/attributes.h"
#include "ops/conv2d/backward.h"

namespace mote {

// Operands of the weights' gradients: x, dy, and the weights for their shape.
inline constexpr size_t kGradInput = 1;
inline constexpr size_t kGradWeights = 2;

template <class A>
ConvWindow weight_grad_window(const OpView& v, const Shape& x, const Shape& dy) {
  return backward_window(v.attributes<A>(), v.in(kGradWeights).bounds.max(), x, dy);
}
// Of the largest shapes, for scratch. Only images that both operands have count: each operand alone
// is known to fit 64 bits.
template <class A>
ConvWindow largest_weight_grad_window(const OpView& v) {
  Shape x = v.in(0).bounds.max(), dy = v.in(kGradInput).bounds.max();
  if (dy.dims[0] < x.dims[0]) x.dims[0] = dy.dims[0];
  return weight_grad_window<A>(v, x, dy);
}
template <class A>
ConvWindow weight_grad_window(const KernelCall& call) {
  return weight_grad_window<A>(*call.view, call.in(0).shape, call.in(kGradInput).shape);
}

// Products of the gradient of one output channel's weights.
inline int64_t products_per_output(const KernelCall& call) {
  const Shape& w = call.out().shape;
  int64_t places = weight_grad_window<Conv2dAttrs>(call).places();
  return places * w.dims[1] * w.dims[2] * w.dims[3];
}
inline uint32_t conv2d_weight_grad_reference_tiles(const KernelCall& call) {
  return place_tiles(call.out().dim(0), products_per_output(call));
}

template <class T>
void conv2d_weight_grad_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const T *x = call.in(0).as<T>(), *dy = call.in(kGradInput).as<T>();
  ConvWindow g = weight_grad_window<Conv2dAttrs>(call);
  int64_t outputs = call.out().dim(0), channels = call.out().dim(3);
  int64_t per_group = outputs / call.attributes<Conv2dAttrs>().groups;
  int64_t terms = int64_t{g.kh} * g.kw * channels;
  PlaceRange range = place_range(outputs, products_per_output(call), tile);
  for (int64_t o = range.begin; o < range.end; ++o) {
    T* to = call.out().as<T>() + o * terms;
    const T* from = x + o / per_group * channels;
    for (int64_t k = 0; k < terms; ++k) to[k] = T(0);
    for_each_place(g, {0, g.places()},
                   [&](int64_t place, int64_t image, int64_t row, TapRange rows, int64_t column,
                       TapRange columns) {
                     T value = dy[place * outputs + o];
                     for (int64_t i = rows.begin; i < rows.end; ++i)
                       for (int64_t j = columns.begin; j < columns.end; ++j) {
                         int64_t line = image * g.h + row + i * g.dilation_h;
                         int64_t at = line * g.w + column + j * g.dilation_w;
                         T* sums = to + (i * g.kw + j) * channels;
                         for (int64_t k = 0; k < channels; ++k)
                           sums[k] += value * from[at * g.c + k];
                       }
                   });
  }
}

}  // namespace mote
