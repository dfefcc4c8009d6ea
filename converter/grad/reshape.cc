#include "grad/rule.h"

namespace mote {

void gradient_reshape(GradientCall& c) { c.set(0, c.g.reshape_like(c.dy[0], c.in(0))); }

}  // namespace mote
