#include <cmath>

#include "grad/elementwise.h"

namespace mote {
namespace {

using ir::ValueId;

// (1 + erf(x / sqrt 2)) / 2 + x * exp(-x^2 / 2) / sqrt(2 pi)
ValueId gelu_slope(ElementwiseNodes& e, ValueId x) {
  Builder& g = e.g;
  ValueId below =
      g.scale(e.plus(e.math(kMoteErf, g.scale(x, static_cast<float>(M_SQRT1_2))), 1), 0.5f);
  ValueId density = e.math(kMoteExp, g.scale(e.math(kMoteSquare, x), -0.5f));
  return g.add(below, g.scale(g.mul(x, density), static_cast<float>(1 / std::sqrt(2 * M_PI))));
}

// With t = tanh(a (x + b x^3)): (1 + t) / 2 + x (1 - t^2) a (1 + 3 b x^2) / 2
ValueId gelu_tanh_slope(ElementwiseNodes& e, ValueId x) {
  Builder& g = e.g;
  const auto a = static_cast<float>(std::sqrt(2 / M_PI));
  const float b = 0.044715f;
  ValueId square = e.math(kMoteSquare, x);
  ValueId inner = g.scale(g.mul(x, e.plus(g.scale(square, b), 1)), a);
  ValueId t = e.activation(kMoteTanh, inner);
  ValueId inner_slope = g.scale(e.plus(g.scale(square, 3 * b), 1), a);
  ValueId bump = g.mul(g.mul(x, g.sub(e.number(1), e.math(kMoteSquare, t))), inner_slope);
  return g.scale(g.add(e.plus(t, 1), bump), 0.5f);
}

// With t = tanh(softplus(x)): t + x sigmoid(x) (1 - t^2)
ValueId mish_slope(ElementwiseNodes& e, ValueId x) {
  Builder& g = e.g;
  ValueId t = e.activation(kMoteTanh, e.activation(kMoteSoftplus, x));
  ValueId bump = g.mul(e.activation(kMoteSigmoid, x), g.sub(e.number(1), e.math(kMoteSquare, t)));
  return g.add(t, g.mul(x, bump));
}

// sigmoid(x) (1 + x (1 - sigmoid(x)))
ValueId silu_slope(ElementwiseNodes& e, ValueId x) {
  ValueId s = e.activation(kMoteSigmoid, x);
  return e.g.mul(s, e.plus(e.g.mul(x, e.g.sub(e.number(1), s)), 1));
}

ValueId softsign_slope(ElementwiseNodes& e, ValueId x) {
  ValueId size = e.plus(e.math(kMoteAbs, x), 1);
  return e.math(kMoteReciprocal, e.math(kMoteSquare, size));
}

// Kinds that are another formula on either side of 0 or between two bounds.
ValueId piecewise(ElementwiseNodes& e, const ActivationAttrs& a, ValueId dy, ValueId x, ValueId y) {
  Builder& g = e.g;
  const auto alpha = static_cast<double>(a.alpha), beta = static_cast<double>(a.beta);
  auto below_zero = [&](ValueId then, ValueId otherwise) {
    return e.select(e.compare_to(x, kMoteLess, 0), then, otherwise);
  };
  switch (a.kind) {
    case kMoteRelu0To1:
      return e.where(e.inside(x, 0, 1), dy);
    case kMoteClip:
      return e.where(e.inside(x, alpha, beta), dy);
    case kMoteLeakyRelu:
      return below_zero(g.scale(dy, a.alpha), dy);
    case kMoteElu:  // alpha exp(x) = y + alpha
      return below_zero(g.mul(dy, e.plus(y, alpha)), dy);
    case kMoteSelu:
      return below_zero(g.mul(dy, e.plus(y, alpha * beta)), g.scale(dy, a.beta));
    case kMoteCelu:
      return below_zero(g.mul(dy, e.plus(g.scale(y, 1 / a.alpha), 1)), dy);
    case kMoteThresholdedRelu:
      return e.where(e.compare_to(x, kMoteGreater, alpha), dy);
    case kMoteHardSigmoid:
      return e.where(e.inside(y, 0, 1), g.scale(dy, a.alpha));
    case kMoteHardSwish: {
      ValueId between = g.mul(dy, e.plus(g.scale(x, 1.0f / 3), 0.5));
      return e.select(e.inside(x, -3, 3), between, e.where(e.compare_to(x, kMoteGreater, 0), dy));
    }
    default:  // shrink
      return e.where(e.compare_to(e.math(kMoteAbs, x), kMoteGreater, alpha), dy);
  }
}

}  // namespace

// From the output alone where that is possible, so that the input's memory is free.
void gradient_activation(GradientCall& c) {
  auto a = c.node.attrs<ActivationAttrs>();
  ElementwiseNodes e{c.g};
  ValueId x = c.in(0), dy = c.dy[0];
  if (a.kind <= kMoteTanh) return c.set(0, c.g.activation_grad(dy, c.out(), a.kind));
  auto times = [&](ValueId slope) { c.set(0, c.g.mul(dy, slope)); };
  switch (a.kind) {
    case kMoteGelu:
      return times(gelu_slope(e, x));
    case kMoteGeluTanh:
      return times(gelu_tanh_slope(e, x));
    case kMoteSilu:
      return times(silu_slope(e, x));
    case kMoteMish:
      return times(mish_slope(e, x));
    case kMoteSoftplus:
      return times(e.activation(kMoteSigmoid, x));
    case kMoteSoftsign:
      return times(softsign_slope(e, x));
    default:
      c.set(0, piecewise(e, a, dy, x, c.out()));
  }
}

}  // namespace mote
