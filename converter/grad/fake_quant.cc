#include "grad/rule.h"
#include "ops/fake_quant/grid.h"

namespace mote {

// Straight through: dy where x lies within the grid, else 0.
void gradient_fake_quant(GradientCall& c) {
  FakeQuantGrid grid = fake_quant_grid(c.node.attrs<FakeQuantAttrs>());
  ir::ValueId clipped = c.g.node(op_code::maximum, BinaryAttrs{}, {c.in(0), c.g.scalar(grid.lo)});
  clipped = c.g.node(op_code::minimum, BinaryAttrs{}, {clipped, c.g.scalar(grid.hi)});
  ir::ValueId inside =
      c.g.node(op_code::compare, CompareAttrs{kMoteEqual}, {clipped, c.in(0)}, Type::boolean);
  ir::ValueId zero = c.g.scalar(0);
  c.set(0, c.g.node(op_code::select, {inside, c.dy[0], zero}));
}

}  // namespace mote
