// The functions of math (NUMERICS.md, 18.5) as formulas: of float for the kernels, of double for
// the reference in double and for the tables that a converter stores.
#pragma once

#include <cmath>
#include <cstdint>

#include "ops/math/attributes.h"

namespace mote {

// Calls apply(f) with f: T -> T of a kind below is_nan.
template <class T, class Apply>
void with_math_function(int32_t kind, Apply&& apply) {
  switch (kind) {
    case kMoteAbs:
      return apply([](T x) { return std::fabs(x); });
    case kMoteNeg:
      return apply([](T x) { return -x; });
    case kMoteSign:
      return apply([](T x) { return x > 0 ? T(1) : x < 0 ? T(-1) : x; });
    case kMoteExp:
      return apply([](T x) { return std::exp(x); });
    case kMoteLog:
      return apply([](T x) { return std::log(x); });
    case kMoteSqrt:
      return apply([](T x) { return std::sqrt(x); });
    case kMoteRsqrt:
      return apply([](T x) { return 1 / std::sqrt(x); });
    case kMoteSquare:
      return apply([](T x) { return x * x; });
    case kMoteReciprocal:
      return apply([](T x) { return 1 / x; });
    case kMoteSin:
      return apply([](T x) { return std::sin(x); });
    case kMoteCos:
      return apply([](T x) { return std::cos(x); });
    case kMoteTan:
      return apply([](T x) { return std::tan(x); });
    case kMoteAsin:
      return apply([](T x) { return std::asin(x); });
    case kMoteAcos:
      return apply([](T x) { return std::acos(x); });
    case kMoteAtan:
      return apply([](T x) { return std::atan(x); });
    case kMoteSinh:
      return apply([](T x) { return std::sinh(x); });
    case kMoteCosh:
      return apply([](T x) { return std::cosh(x); });
    case kMoteAsinh:
      return apply([](T x) { return std::asinh(x); });
    case kMoteAcosh:
      return apply([](T x) { return std::acosh(x); });
    case kMoteAtanh:
      return apply([](T x) { return std::atanh(x); });
    case kMoteErf:
      return apply([](T x) { return std::erf(x); });
    case kMoteFloor:
      return apply([](T x) { return std::floor(x); });
    case kMoteCeil:
      return apply([](T x) { return std::ceil(x); });
    case kMoteRound:
      return apply([](T x) { return std::rint(x); });
    default:
      return apply([](T x) { return std::trunc(x); });
  }
}

}  // namespace mote
