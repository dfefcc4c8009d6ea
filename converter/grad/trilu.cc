#include "grad/rule.h"

namespace mote {

void gradient_trilu(GradientCall& c) {
  c.set(0, c.g.node(op_code::trilu, c.node.attrs<TriluAttrs>(), {c.dy[0]}));
}

}  // namespace mote
