#include "grad/rule.h"

namespace mote {

void gradient_gather(GradientCall& c) {
  c.set(0,
        c.g.node(op_code::gather_grad, c.node.attrs<GatherAttrs>(), {c.dy[0], c.in(1), c.in(0)}));
}

}  // namespace mote
