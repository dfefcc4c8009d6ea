#include "grad/rule.h"

namespace mote {

void gradient_concat(GradientCall& c) {
  auto axis = static_cast<size_t>(c.node.attrs<ConcatAttrs>().axis);
  std::vector<int32_t> begin(c.g.dims(c.out()).size(), 0);
  for (size_t i = 0; i < c.node.inputs.size(); ++i) {
    std::vector<int32_t> size = c.g.dims(c.in(i));
    if (c.wants(i)) c.set(i, c.g.slice(c.dy[0], begin, size));
    begin[axis] += size[axis];
  }
}

}  // namespace mote
