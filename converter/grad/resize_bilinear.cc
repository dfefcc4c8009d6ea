#include "grad/rule.h"

namespace mote {

void gradient_resize_bilinear(GradientCall& c) {
  auto a = c.node.attrs<ResizeBilinearAttrs>();
  a.out_h = c.g.shape(c.out()).dims[1].max;
  a.out_w = c.g.shape(c.out()).dims[2].max;
  c.set(0, c.g.node(op_code::resize_bilinear_grad, a, {c.dy[0], c.in(0)}));
}

}  // namespace mote
