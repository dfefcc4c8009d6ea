#include "grad/rule.h"

namespace mote {

// The block's gradient goes to what overwrote it, the rest to x.
void gradient_dynamic_update_slice(GradientCall& c) {
  ir::ValueId begin = c.in(2);
  if (c.wants(0)) {
    ir::ValueId zeros = c.g.constant(c.g.shape(c.in(1)), 0);
    c.set(0, c.g.node(op_code::dynamic_update_slice, {c.dy[0], zeros, begin}));
  }
  if (c.wants(1)) {
    SizesAttrs a{};
    for (int32_t d : c.g.dims(c.in(1))) a.sizes[a.count++] = d;
    c.set(1, c.g.node(op_code::dynamic_slice, a, {c.dy[0], begin}));
  }
}

}  // namespace mote
