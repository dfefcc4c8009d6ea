#include "grad/rule.h"

namespace mote {

// From the output alone, so that the input's memory is free.
void gradient_activation(GradientCall& c) {
  c.set(0, c.g.activation_grad(c.dy[0], c.out(), c.node.attrs<ActivationAttrs>().kind));
}

}  // namespace mote
