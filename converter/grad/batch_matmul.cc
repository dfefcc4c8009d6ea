#include "grad/rule.h"

namespace mote {

// y = A B with A = a or its transpose, B likewise: dA = dy B', dB = A' dy. Operands that were
// broadcast get the sum.
void gradient_batch_matmul(GradientCall& c) {
  auto attrs = c.node.attrs<BatchMatmulAttrs>();
  bool ta = attrs.transpose_a != 0, tb = attrs.transpose_b != 0;
  ir::ValueId a = c.in(0), b = c.in(1), dy = c.dy[0];
  if (c.wants(0)) {
    ir::ValueId da = ta ? c.g.matmul(b, dy, tb, true) : c.g.matmul(dy, b, false, !tb);
    c.set(0, c.g.sum_to(da, a));
  }
  if (c.wants(1)) {
    ir::ValueId db = tb ? c.g.matmul(dy, a, true, ta) : c.g.matmul(a, dy, !ta, false);
    c.set(1, c.g.sum_to(db, b));
  }
}

}  // namespace mote
