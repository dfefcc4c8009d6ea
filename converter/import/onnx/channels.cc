#include "import/onnx/channels.h"

#include "import/onnx/float_steps.h"

namespace mote::onnx_import {
namespace {

constexpr int32_t kOneDimension = 3;  // [n, c, w]

std::vector<int32_t> channels_at_end(int32_t rank) { return order_with_last(rank, {1}); }

}  // namespace

ir::ValueId channels_last(NodeImport& c, ir::ValueId x) {
  const int32_t rank = c.rank(x);
  ir::ValueId y = reordered(c, x, channels_at_end(rank));
  return rank == kOneDimension ? c.insert_ones(y, {1}) : y;
}

ir::ValueId channels_first(NodeImport& c, ir::ValueId y, int32_t rank) {
  if (rank == kOneDimension) y = c.drop_ones(y, {1});
  return y == ir::kNone ? y : reordered(c, y, inverse_order(channels_at_end(rank)));
}

}  // namespace mote::onnx_import
