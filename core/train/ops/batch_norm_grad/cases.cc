#include <cmath>

#include "ops/batch_norm/batch_norm_cases.h"

namespace mote::test {
namespace {

void add(CaseList& list, const std::vector<int32_t>& shape) {
  std::vector<int32_t> channels = {shape.back()};
  BatchNormAttrs a = draw_batch_norm(list);
  a.frozen = list.integer(0, 1);
  Case& c = list.add(op_code::batch_norm_grad, a,
                     {list.f32(shape), list.f32(shape), list.f32(channels),
                      list.f32(channels, -0.5, 0.5), list.f32(channels, 0.5, 2)},
                     {list.f32({}), list.f32({}), list.f32({})});
  double rows = 1;
  for (size_t i = 0; i + 1 < shape.size(); ++i) rows *= shape[i];
  // Sums of `rows` terms up to 3, rounded about log2(rows) + 64 times (NUMERICS.md, 16.3).
  double error = 3 * std::sqrt(rows) * 0x1p-20;
  if (error > c.tolerance) c.tolerance = error;
}

}  // namespace

void batch_norm_grad_cases(CaseList& list) {
  for (int i = 0; i < 60; ++i) add(list, draw_rows_of_channels(list, 1));
  add(list, {8, 28, 28, 24});
  add(list, {8, 28, 28, 24});
  add(list, {40000, 1});
  add(list, {64, 1500});
  add(list, {517, 65});
  add(list, {1, 30});
}

}  // namespace mote::test
