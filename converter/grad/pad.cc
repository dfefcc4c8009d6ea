#include "grad/rule.h"

namespace mote {

void gradient_pad(GradientCall& c) {
  auto a = c.node.attrs<PadAttrs>();
  c.set(0, c.g.slice(c.dy[0], {a.before, a.before + a.count}, c.g.dims(c.in(0))));
}

}  // namespace mote
