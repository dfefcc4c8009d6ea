#include "grad/rule.h"

namespace mote {

// A rotation's transpose turns by the negative angle.
void gradient_rotary_embedding(GradientCall& c) {
  if (c.wants(1) || c.wants(2))
    c.failure = "cosines and sines have no gradient: compute them first";
  if (!c.failure.empty()) return;
  ir::ValueId back = c.g.scale(c.in(2), -1);
  c.set(0, c.g.node(op_code::rotary_embedding, c.node.attrs<RotaryEmbeddingAttrs>(),
                    {c.dy[0], c.in(1), back}));
}

}  // namespace mote
