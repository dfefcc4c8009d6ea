#include "grad/rule.h"

namespace mote {

// float32 to float32: casts from and to integers carry no gradient and are not asked.
void gradient_cast(GradientCall& c) { c.set(0, c.dy[0]); }

}  // namespace mote
