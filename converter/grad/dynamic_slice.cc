#include "grad/rule.h"

namespace mote {

// What was not taken gets zeros.
void gradient_dynamic_slice(GradientCall& c) {
  ir::ValueId zeros = c.g.constant(c.g.shape(c.in(0)), 0);
  c.set(0, c.g.node(op_code::dynamic_update_slice, {zeros, c.dy[0], c.in(1)}));
}

}  // namespace mote
