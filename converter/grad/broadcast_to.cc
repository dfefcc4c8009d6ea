#include "grad/rule.h"

namespace mote {

// Of `like` only the shape is read: its gradient is zero.
void gradient_broadcast_to(GradientCall& c) {
  if (c.wants(0)) c.set(0, c.g.sum_to(c.dy[0], c.in(0)));
}

}  // namespace mote
