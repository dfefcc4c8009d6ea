// Blocks at offsets that are data.
#include "grad/cases.h"

namespace mote::test {
namespace {

using Dims = std::vector<int32_t>;

// Some offsets lie outside and are clamped.
ir::ValueId offsets(GradientCase& c, const Dims& shape) {
  return c.integers({static_cast<int32_t>(shape.size())}, -1, 4);
}

Dims block_of(GradientCase& c, const Dims& shape) {
  Dims block;
  for (int32_t d : shape) block.push_back(c.integer(1, d));
  return block;
}

}  // namespace

void make_dynamic_slice_case(GradientCase& c) {
  Dims x = c.shape(c.integer(1, 4));
  SizesAttrs a{};
  for (int32_t d : block_of(c, x)) a.sizes[a.count++] = d;
  ir::ValueId begin = offsets(c, x);
  c.add(op_code::dynamic_slice, a, {c.input(x), begin});
}

void make_dynamic_update_slice_case(GradientCase& c) {
  Dims x = c.shape(c.integer(1, 4)), block = block_of(c, x);
  ir::ValueId begin = offsets(c, x), whole = c.input(x), update = c.input(block);
  c.add(op_code::dynamic_update_slice, ir::Bytes{}, {whole, update, begin});
}

}  // namespace mote::test
