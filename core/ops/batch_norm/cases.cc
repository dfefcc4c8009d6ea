#include "ops/batch_norm/batch_norm_cases.h"

namespace mote::test {
namespace {

void add(CaseList& list, const std::vector<int32_t>& shape) {
  std::vector<int32_t> channels = {shape.back()};
  list.add(op_code::batch_norm, draw_batch_norm(list),
           {list.f32(shape, -4, 4), list.f32(channels), list.f32(channels),
            list.f32(channels, -2, 2), list.f32(channels, 0.1, 2)},
           {list.f32({})});
}

}  // namespace

void batch_norm_cases(CaseList& list) {
  for (int i = 0; i < 60; ++i) add(list, draw_rows_of_channels(list, 1));
  // More than one tile; one row; one channel.
  add(list, {2, 28, 28, 24});
  add(list, {1, 20000});
  add(list, {20000, 1});
}

}  // namespace mote::test
