#include "ops/batch_norm/batch_norm_cases.h"

namespace mote::test {
namespace {

// x in center ± 1: a center far from zero shows a variance that is the difference of large sums.
void add(CaseList& list, const std::vector<int32_t>& shape, double center = 0) {
  std::vector<int32_t> channels = {shape.back()};
  Case& c = list.add(op_code::batch_norm_train, draw_batch_norm(list),
                     {list.f32(shape, center - 1, center + 1), list.f32(channels),
                      list.f32(channels), list.f32(channels, -2, 2), list.f32(channels, 0.1, 2)},
                     {list.f32({}), list.f32({}), list.f32({}), list.f32({}), list.f32({})});
  // The mean is known to epsilon times the center, of a standard deviation of about a half.
  if (center != 0) c.tolerance = 4 * center * 0x1p-23;
}

}  // namespace

void batch_norm_train_cases(CaseList& list) {
  // From a few rows on the variance is far above epsilon in most channels.
  for (int i = 0; i < 60; ++i) add(list, draw_rows_of_channels(list, 9));
  // One row: no variance. More than one block of rows; many channels; single ones.
  add(list, {1, 40});
  add(list, {8, 28, 28, 24});
  add(list, {8, 28, 28, 24}, 100);
  add(list, {3000, 3}, 1000);
  add(list, {40000, 1});
  add(list, {64, 1500});
  add(list, {517, 65});
}

}  // namespace mote::test
