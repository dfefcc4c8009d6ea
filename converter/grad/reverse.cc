#include "grad/rule.h"

namespace mote {

void gradient_reverse(GradientCall& c) {
  c.set(0, c.g.node(op_code::reverse, c.node.attrs<AxesAttrs>(), {c.dy[0]}));
}

}  // namespace mote
