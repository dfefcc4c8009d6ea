#include <cmath>

#include "grad/elementwise.h"

namespace mote {
namespace {

using ir::ValueId;

// The derivative of a trigonometric or hyperbolic function, or of an inverse of one.
ValueId circular_slope(ElementwiseNodes& e, int32_t kind, ValueId x, ValueId y) {
  Builder& g = e.g;
  auto square = [&](ValueId v) { return e.math(kMoteSquare, v); };
  switch (kind) {
    case kMoteSin:
      return e.math(kMoteCos, x);
    case kMoteCos:
      return g.scale(e.math(kMoteSin, x), -1);
    case kMoteTan:
      return e.plus(square(y), 1);
    case kMoteAsin:
      return e.math(kMoteRsqrt, g.sub(e.number(1), square(x)));
    case kMoteAcos:
      return g.scale(e.math(kMoteRsqrt, g.sub(e.number(1), square(x))), -1);
    case kMoteAtan:
      return e.math(kMoteReciprocal, e.plus(square(x), 1));
    case kMoteSinh:
      return e.math(kMoteCosh, x);
    case kMoteCosh:
      return e.math(kMoteSinh, x);
    case kMoteAsinh:
      return e.math(kMoteRsqrt, e.plus(square(x), 1));
    case kMoteAcosh:
      return e.math(kMoteRsqrt, e.plus(square(x), -1));
    default:  // atanh
      return e.math(kMoteReciprocal, g.sub(e.number(1), square(x)));
  }
}

ValueId slope(ElementwiseNodes& e, int32_t kind, ValueId x, ValueId y) {
  Builder& g = e.g;
  switch (kind) {
    case kMoteAbs:
      return e.math(kMoteSign, x);
    case kMoteNeg:
      return e.number(-1);
    case kMoteExp:
      return y;
    case kMoteLog:
      return e.math(kMoteReciprocal, x);
    case kMoteSqrt:
      return g.scale(e.math(kMoteReciprocal, y), 0.5f);
    case kMoteRsqrt:
      return g.scale(g.mul(y, e.math(kMoteSquare, y)), -0.5f);
    case kMoteSquare:
      return g.scale(x, 2);
    case kMoteReciprocal:
      return g.scale(e.math(kMoteSquare, y), -1);
    case kMoteErf:
      return g.scale(e.math(kMoteExp, g.scale(e.math(kMoteSquare, x), -1)),
                     static_cast<float>(2 / std::sqrt(M_PI)));
    default:
      return circular_slope(e, kind, x, y);
  }
}

bool is_staircase(int32_t kind) { return kind == kMoteSign || kind >= kMoteFloor; }

}  // namespace

void gradient_math(GradientCall& c) {
  int32_t kind = c.node.attrs<MathAttrs>().kind;
  if (is_staircase(kind)) return;  // 0
  ElementwiseNodes e{c.g};
  c.set(0, c.g.mul(c.dy[0], slope(e, kind, c.in(0), c.out())));
}

}  // namespace mote
