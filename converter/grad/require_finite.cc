#include "grad/rule.h"

namespace mote {

void gradient_require_finite(GradientCall& c) { c.set(0, c.dy[0]); }

}  // namespace mote
