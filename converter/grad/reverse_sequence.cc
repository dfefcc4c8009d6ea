#include "grad/rule.h"

namespace mote {

// It undoes itself.
void gradient_reverse_sequence(GradientCall& c) {
  auto a = c.node.attrs<ReverseSequenceAttrs>();
  c.set(0, c.g.node(op_code::reverse_sequence, a, {c.dy[0], c.in(1)}));
}

}  // namespace mote
