#include "grad/elementwise.h"

namespace mote {

// d/da = b * a^(b - 1), d/db = a^b * log(a), and 0 where a is not positive.
void gradient_pow(GradientCall& c) {
  ElementwiseNodes e{c.g};
  Builder& g = c.g;
  ir::ValueId a = c.in(0), b = c.in(1);
  if (c.wants(0)) {
    ir::ValueId slope = g.mul(b, e.pow(a, e.plus(b, -1)));
    c.set(0, g.sum_to(g.mul(c.dy[0], slope), a));
  }
  if (c.wants(1)) {
    ir::ValueId positive = e.compare_to(a, kMoteGreater, 0);
    ir::ValueId log = e.math(kMoteLog, e.select(positive, a, e.number(1)));
    c.set(1, g.sum_to(g.mul(c.dy[0], g.mul(c.out(), log)), b));
  }
}

}  // namespace mote
