#include "grad/loss.h"

namespace mote {

void gradient_softmax_cross_entropy(GradientCall& c) {
  if (c.dy[1] != ir::kNone) c.failure = "only its first result has a gradient";
  if (!c.failure.empty()) return;
  c.set(0, times_incoming(c.g, c.out(1), c.dy[0]));
}

}  // namespace mote
