#include "grad/loss.h"

namespace mote {

void gradient_mse(GradientCall& c) {
  if (c.dy[1] != ir::kNone) c.failure = "only its first result has a gradient";
  if (!c.failure.empty()) return;
  ir::ValueId d = times_incoming(c.g, c.out(1), c.dy[0]);
  if (c.wants(0)) c.set(0, d);
  if (c.wants(1)) c.set(1, c.g.scale(d, -1));
}

}  // namespace mote
