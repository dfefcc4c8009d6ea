#include "grad/rule.h"

namespace mote {

void gradient_resize_bilinear(GradientCall& c) {
  c.set(0, c.g.node(op_code::resize_bilinear_grad, c.node.attrs<ResizeBilinearAttrs>(),
                    {c.dy[0], c.in(0)}));
}

}  // namespace mote
