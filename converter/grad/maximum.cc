#include "grad/elementwise.h"

namespace mote {

// Of equal elements the first operand gets it all.
void gradient_maximum(GradientCall& c) {
  ElementwiseNodes e{c.g};
  ir::ValueId first = e.compare(c.in(0), kMoteGreaterEqual, c.in(1));
  if (c.wants(0)) c.set(0, c.g.sum_to(e.where(first, c.dy[0]), c.in(0)));
  if (c.wants(1)) c.set(1, c.g.sum_to(e.select(first, e.number(0), c.dy[0]), c.in(1)));
}

}  // namespace mote
