#include "grad/rule.h"

namespace mote {

// Each element is in the sums from its own place on.
void gradient_cum_sum(GradientCall& c) {
  auto a = c.node.attrs<CumSumAttrs>();
  a.reverse = a.reverse == 0;
  c.set(0, c.g.node(op_code::cum_sum, a, {c.dy[0]}));
}

}  // namespace mote
