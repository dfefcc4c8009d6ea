#include "grad/straight_through.h"

namespace mote {

void gradient_quantize(GradientCall& c) {
  if (c.g.graph().value(c.out()).quantization.scales.size() > 1) {
    c.failure = "quantize has a gradient with one scale alone";
    return;
  }
  c.set(0, pass_unsaturated(c.g, c.dy[0], c.in(0), c.out()));
}

}  // namespace mote
