// What the cases of conv2d, depthwise_conv2d and fully_connected share.
#pragma once

#include <cmath>

#include "ops/case.h"

namespace mote::test {

enum class WeightedKind { f32, s8_per_channel, s8_per_tensor, s8_zero_point };
inline constexpr WeightedKind kWeightedKinds[] = {WeightedKind::f32, WeightedKind::s8_per_channel,
                                                  WeightedKind::s8_per_tensor,
                                                  WeightedKind::s8_zero_point};

struct WeightedShapes {
  std::vector<int32_t> x, weights, y;
  int32_t channels;  // output channels, dimension `axis` of the weights
  int32_t axis;
  int32_t terms;  // products of one sum
};

namespace weighted {

inline Operand bias(CaseList& list, const WeightedShapes& s, bool quantized) {
  if (list.integer(0, 4) == 0) return CaseList::none();
  Operand o =
      quantized ? list.ints(Type::int32, {s.channels}, -20000, 20000) : list.f32({s.channels});
  if (quantized && list.integer(0, 3) == 0) o.fill = Fill::extreme;
  if (list.integer(0, 3) != 0) o.kind = TensorKind::constant;
  return o;
}

// Stored scales may hold anything.
inline Operand requantize(CaseList& list, const WeightedShapes& s, float typical) {
  if (list.coin()) return CaseList::none();
  constexpr float kInfinity = __builtin_huge_valf();
  const float hostile[] = {__builtin_nanf(""), kInfinity, -kInfinity, 0.0f, -typical, 1e-42f};
  std::vector<float> scales(static_cast<size_t>(list.coin() ? s.channels : 1));
  bool any = list.integer(0, 3) == 0;
  for (float& v : scales) {
    v = typical * list.real(0.5f, 2.0f);
    if (any) v = hostile[list.integer(0, 5)];
  }
  return list.given(Type::float32, {static_cast<int32_t>(scales.size())}, scales);
}

inline ir::Quantization weights_quantization(CaseList& list, const WeightedShapes& s,
                                             WeightedKind kind) {
  if (kind == WeightedKind::s8_per_channel) return list.per_channel(s.channels, s.axis);
  ir::Quantization q = list.per_tensor();
  if (kind == WeightedKind::s8_per_tensor) q.zero_points = {0};
  return q;
}

}  // namespace weighted

template <class A>
void add_weighted_case(CaseList& list, uint16_t op, const A& attributes, const WeightedShapes& s,
                       WeightedKind kind) {
  bool extreme = list.integer(0, 5) == 0;
  auto filled = [&](Operand o) {
    if (extreme) o.fill = Fill::extreme;
    return o;
  };
  if (kind == WeightedKind::f32) {
    Operand weights = filled(list.f32(s.weights));
    if (list.integer(0, 4) != 0) weights.kind = TensorKind::constant;
    Case& c = list.add(op, attributes,
                       {filled(list.f32(s.x)), std::move(weights), weighted::bias(list, s, false)},
                       {list.f32(s.y)});
    // NUMERICS.md 3.1 for operands of magnitude 1.
    c.tolerance = 2.0 * (s.terms + 1) * 0x1p-23 * (s.terms + 1);
    return;
  }
  ir::Quantization x = list.per_tensor(), w = weighted::weights_quantization(list, s, kind);
  // Uniform int8 has a standard deviation of 74: most results are not clamped.
  float typical = 50.0f / (74 * 74 * std::sqrt(static_cast<float>(s.terms)));
  ir::Quantization y = list.per_tensor();
  y.scales = {x.scales[0] * w.scales[0] / typical};
  Operand weights = filled(list.s8(s.weights, w));
  // Those of a model that is trained are computed from states.
  if (list.integer(0, 3) != 0) weights.kind = TensorKind::constant;
  list.add(op, attributes,
           {filled(list.s8(s.x, x)), std::move(weights), weighted::bias(list, s, true),
            weighted::requantize(list, s, typical)},
           {list.s8(s.y, y)});
}

// A size for which the window of the attributes gives `out` places or more; 0 pads on short sides.
inline int32_t window_input(int32_t out, int32_t window, int32_t stride, int32_t dilation,
                            int32_t pads) {
  int32_t size = (out - 1) * stride + (window - 1) * dilation + 1 - pads;
  return size < 1 ? 1 : size;
}
inline int32_t window_output(int32_t in, int32_t window, int32_t stride, int32_t dilation,
                             int32_t pads) {
  return (in + pads - (window - 1) * dilation - 1) / stride + 1;
}

// Fills the window's attributes and the shapes' rows and columns; up to `places` output rows and
// columns, or more on short sides.
template <class A>
void draw_window(CaseList& list, A* a, WeightedShapes* s, int32_t kh, int32_t kw, int32_t places) {
  int32_t oh = list.integer(1, places), ow = list.integer(1, places);
  a->stride_h = list.integer(1, 3);
  a->stride_w = list.integer(1, 3);
  a->dilation_h = list.integer(0, 2) == 0 ? list.integer(2, 3) : 1;
  a->dilation_w = list.integer(0, 2) == 0 ? list.integer(2, 3) : 1;
  bool padded = list.coin();
  a->pad_top = padded ? list.integer(0, 3) : 0;
  a->pad_left = padded ? list.integer(0, 3) : 0;
  a->pad_bottom = padded ? list.integer(0, 3) : 0;
  a->pad_right = padded ? list.integer(0, 3) : 0;
  a->activation = list.integer(kMoteActivationNone, kMoteActivationReluN1To1);
  int32_t vertical = a->pad_top + a->pad_bottom, horizontal = a->pad_left + a->pad_right;
  int32_t h = window_input(oh, kh, a->stride_h, a->dilation_h, vertical);
  int32_t w = window_input(ow, kw, a->stride_w, a->dilation_w, horizontal);
  s->x[1] = h;
  s->x[2] = w + list.integer(0, 1);
  s->weights[1] = kh;
  s->weights[2] = kw;
  s->y[0] = s->x[0];
  s->y[1] = window_output(s->x[1], kh, a->stride_h, a->dilation_h, vertical);
  s->y[2] = window_output(s->x[2], kw, a->stride_w, a->dilation_w, horizontal);
}

}  // namespace mote::test
