#include "grad/elementwise.h"

namespace mote {

void gradient_select(GradientCall& c) {
  ElementwiseNodes e{c.g};
  if (c.wants(1)) c.set(1, c.g.sum_to(e.where(c.in(0), c.dy[0]), c.in(1)));
  if (c.wants(2)) c.set(2, c.g.sum_to(e.select(c.in(0), e.number(0), c.dy[0]), c.in(2)));
}

}  // namespace mote
