// The activations that are no clamp (NUMERICS.md, 7.2) as formulas: of float for the kernels, of
// double for the reference in double and for the tables that a converter stores.
#pragma once

#include <cmath>

#include "ops/activation/attributes.h"

namespace mote {

template <class T>
T softplus(T x) {
  return (x < 0 ? T(0) : x) + std::log1p(std::exp(-std::fabs(x)));
}

template <class T>
T clamped(T x, T lo, T hi) {
  x = x < lo ? lo : x;
  return x > hi ? hi : x;
}

// Calls apply(f) with f: T -> T of a kind from sigmoid on; others: the identity.
template <class T, class Apply>
void with_activation_function(const ActivationAttrs& attrs, Apply&& apply) {
  const T alpha = attrs.alpha, beta = attrs.beta;
  switch (attrs.kind) {
    case kMoteSigmoid:
      return apply([](T x) { return 1 / (1 + std::exp(-x)); });
    case kMoteTanh:
      return apply([](T x) { return std::tanh(x); });
    case kMoteLeakyRelu:
      return apply([=](T x) { return x < 0 ? alpha * x : x; });
    case kMoteElu:
      return apply([=](T x) { return x < 0 ? alpha * std::expm1(x) : x; });
    case kMoteSelu:
      return apply([=](T x) { return beta * (x < 0 ? alpha * std::expm1(x) : x); });
    case kMoteCelu:
      return apply([=](T x) { return x < 0 ? alpha * std::expm1(x / alpha) : x; });
    case kMoteThresholdedRelu:
      return apply([=](T x) { return x <= alpha ? T(0) : x; });
    case kMoteHardSwish:
      return apply([](T x) { return x * (clamped<T>(x + 3, 0, 6) / 6); });
    case kMoteHardSigmoid:
      return apply([=](T x) { return clamped<T>(alpha * x + beta, 0, 1); });
    case kMoteGelu:
      return apply([](T x) { return x * T(0.5) * (1 + std::erf(x * T(0.70710678118654752440))); });
    case kMoteGeluTanh:
      return apply([](T x) {
        T u = T(0.79788456080286535588) * (x + T(0.044715) * x * x * x);
        return x * T(0.5) * (1 + std::tanh(u));
      });
    case kMoteSilu:
      return apply([](T x) { return x / (1 + std::exp(-x)); });
    case kMoteMish:
      return apply([](T x) { return x * std::tanh(softplus(x)); });
    case kMoteSoftplus:
      return apply([](T x) { return softplus(x); });
    case kMoteSoftsign:
      return apply([](T x) { return x / (1 + std::fabs(x)); });
    case kMoteShrink:
      return apply([=](T x) {
        if (x >= -alpha && x <= alpha) return T(0);
        return x < 0 ? x + beta : x - beta;
      });
    default:
      return apply([](T x) { return x; });
  }
}

}  // namespace mote
