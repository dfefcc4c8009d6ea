#include "grad/rule.h"

namespace mote {

// y = x / r with r = max(norm, epsilon): dx = (dy - y * sum(y * dy)) / r where the norm is r, and
// dy / epsilon elsewhere.
void gradient_l2_normalize(GradientCall& c) {
  Builder& g = c.g;
  float epsilon = c.node.attrs<NormalizeAttrs>().epsilon;
  ir::ValueId x = c.in(0), y = c.out(), dy = c.dy[0];
  const std::vector<int32_t> last = {g.shape(x).rank - 1};
  ir::ValueId squares = g.sum(g.mul(x, x), last, true);
  ir::ValueId least = g.constant(ir::shape_of({}), epsilon * epsilon);
  ir::ValueId is_norm = g.node(op_code::cast, {g.node(op_code::compare, CompareAttrs{kMoteGreater},
                                                      {squares, least}, Type::boolean)});
  ir::ValueId r = g.node(op_code::math, MathAttrs{kMoteRsqrt},
                         {g.node(op_code::maximum, BinaryAttrs{}, {squares, least})});
  ir::ValueId along = g.mul(is_norm, g.sum(g.mul(y, dy), last, true));
  c.set(0, g.mul(r, g.sub(dy, g.mul(y, along))));
}

}  // namespace mote
