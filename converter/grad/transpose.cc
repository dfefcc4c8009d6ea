#include "grad/rule.h"

namespace mote {

void gradient_transpose(GradientCall& c) {
  auto a = c.node.attrs<TransposeAttrs>();
  std::vector<int32_t> inverse(static_cast<size_t>(a.count));
  for (int32_t i = 0; i < a.count; ++i) inverse[static_cast<size_t>(a.permutation[i])] = i;
  c.set(0, c.g.transpose(c.dy[0], inverse));
}

}  // namespace mote
