// What the cases of transpose_conv2d and of the convolutions' gradients share.
#pragma once

#include "ops/weighted_cases.h"

namespace mote::test {

// A convolution: its attributes and its shapes x, weights, y.
template <class A>
struct DrawnConv {
  A attributes{};
  WeightedShapes shapes;
};

// Of a float32 sum of `terms` products of magnitude 1 at most and of random signs: its parts grow
// as the square root, and so do the errors of as many roundings of 2^-24, which stay within four
// standard deviations.
inline double sum_tolerance(double terms) { return (terms + 1) * 0x1p-22; }

// Several parts of the places in the gradients of weights.
inline void many_images(WeightedShapes* s) { s->x[0] = s->y[0] = 1 + 1500 / (s->y[1] * s->y[2]); }

// Rows, columns and channels around the sizes of blocks, panels and chunks.
inline DrawnConv<Conv2dAttrs> draw_conv2d(CaseList& list, int i) {
  DrawnConv<Conv2dAttrs> d;
  bool large = i % 8 >= 6, pointwise = i % 4 == 0;
  Conv2dAttrs& a = d.attributes;
  a.groups = list.integer(0, 3) == 0 ? list.integer(2, 4) : 1;
  int32_t channels = list.integer(1, large ? 40 : 9);
  int32_t outputs = list.integer(1, large ? 40 : 12) * a.groups;
  int32_t kh = pointwise ? 1 : list.integer(1, 5), kw = pointwise ? 1 : list.integer(1, 5);
  // So many columns that a gradient of weights is cut into rows of taps, and into taps.
  if (i % 32 == 15) channels = 130, kh = kw = 3;
  if (i % 32 == 23) channels = 260, kh = 2, kw = 4;
  d.shapes = {{list.integer(1, 3), 0, 0, channels * a.groups},
              {outputs, 0, 0, channels},
              {0, 0, 0, outputs},
              outputs,
              0,
              0};
  draw_window(list, &a, &d.shapes, kh, kw, large ? 17 : 7);
  if (i % 32 == 7) many_images(&d.shapes);
  if (pointwise && list.coin()) {
    a.stride_h = a.stride_w = 1;
    a.pad_top = a.pad_left = a.pad_bottom = a.pad_right = 0;
    d.shapes.y = {d.shapes.x[0], d.shapes.x[1], d.shapes.x[2], outputs};
  }
  a.activation = kMoteActivationNone;
  return d;
}

inline DrawnConv<DepthwiseConv2dAttrs> draw_depthwise_conv2d(CaseList& list, int i) {
  DrawnConv<DepthwiseConv2dAttrs> d;
  DepthwiseConv2dAttrs& a = d.attributes;
  a.multiplier = i % 4 == 3 ? list.integer(2, 5) : 1;
  // Whole vectors have code of their own; most others leave a rest.
  const int32_t typical[] = {8, 16, 32, 48};
  int32_t channels = i % 4 == 1 ? typical[list.integer(0, 3)] : list.integer(1, 75);
  int32_t outputs = channels * a.multiplier;
  int32_t kh = list.integer(1, 5), kw = list.integer(1, 5);
  d.shapes = {
      {list.integer(1, 3), 0, 0, channels}, {1, 0, 0, outputs}, {0, 0, 0, outputs}, outputs, 3, 0};
  draw_window(list, &a, &d.shapes, kh, kw, i % 8 == 5 ? 19 : 8);
  if (i % 32 == 5) many_images(&d.shapes);
  a.activation = kMoteActivationNone;
  return d;
}

// Places of y: products of one sum of a gradient of weights.
inline double places_of(const WeightedShapes& s) {
  return static_cast<double>(s.y[0]) * s.y[1] * s.y[2];
}
inline double taps_of(const WeightedShapes& s) {
  return static_cast<double>(s.weights[1]) * s.weights[2];
}

// Every sixth case has operands of -1 and 1 alone. Of many images smaller ones: the reference adds
// up in one long sum, which the models in double are to confirm to 1e-5.
inline Operand grad_operand(CaseList& list, const std::vector<int32_t>& shape, int i) {
  Operand o = shape[0] > 3 ? list.f32(shape, -0.5, 0.5) : list.f32(shape);
  if (i % 6 == 5) o.fill = Fill::extreme;
  return o;
}

}  // namespace mote::test
