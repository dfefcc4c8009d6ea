#include "grad/rule.h"

namespace mote {

// The running statistics (inputs 3 and 4) do not enter y; the statistics that leave are no part of
// a loss.
void gradient_batch_norm_train(GradientCall& c) {
  for (size_t i = 1; i < c.dy.size(); ++i)
    if (c.dy[i] != ir::kNone) c.failure = "only its first result has a gradient";
  if (c.wants(3) || c.wants(4)) c.failure = "its running statistics have no gradient";
  if (!c.failure.empty()) return;
  auto a = c.node.attrs<BatchNormAttrs>();
  a.frozen = 0;
  std::vector<ir::ValueId> d =
      c.g.nodes(op_code::batch_norm_grad, a, {c.dy[0], c.in(0), c.in(1), c.out(1), c.out(2)},
                {Type::float32, Type::float32, Type::float32});  // x, scale, bias
  for (size_t i = 0; i < d.size(); ++i)
    if (c.wants(i)) c.set(i, d[i]);
}

}  // namespace mote
