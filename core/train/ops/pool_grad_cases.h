// Cases of max_pool2d_grad and avg_pool2d_grad.
#pragma once

#include "ops/pool_cases.h"

namespace mote::test {

inline int32_t pooled_size(int32_t in, int32_t pads, int32_t window, int32_t stride) {
  return (in + pads - window) / stride + 1;
}

inline void add_pool_grad_case(CaseList& list, uint16_t op, Pool2dAttrs a,
                               const std::vector<int32_t>& shape, bool ties = false) {
  a.activation = kMoteActivationNone;
  std::vector<int32_t> pooled = {
      shape[0], pooled_size(shape[1], a.pad_top + a.pad_bottom, a.window_h, a.stride_h),
      pooled_size(shape[2], a.pad_left + a.pad_right, a.window_w, a.stride_w), shape[3]};
  Operand x = list.f32(shape, -8, 8), dy = list.f32(pooled);
  if (ties) x.fill = Fill::extreme;
  if (op == op_code::max_pool2d_grad) {
    list.add(op, a, {x, dy}, {list.f32({})});
  } else {
    list.add(op, a, {dy, x}, {list.f32({})});
  }
}

inline void pool_grad_cases(CaseList& list, uint16_t op) {
  constexpr int32_t kChannels[] = {1, 3, 7, 8, 9, 16, 31, 32, 33, 71};
  for (int i = 0; i < 96; ++i) {
    Pool2dAttrs a = draw_pool(list, op_code::avg_pool2d);
    a.round_half_up = 0;
    if (i % 4 == 0) a.stride_h = a.window_h, a.stride_w = a.window_w;
    int32_t h = a.window_h + list.integer(0, 9), w = a.window_w + list.integer(0, 9);
    add_pool_grad_case(list, op, a, {list.integer(1, 3), h, w, kChannels[list.integer(0, 9)]},
                       i % 6 == 5);
  }
  // The pools of models: 2 by 2, 3 by 3 in steps of two, the whole image; several bands of rows,
  // whose windows meet.
  Pool2dAttrs half{2, 2, 2, 2, 0, 0, 0, 0, 0, kMoteActivationNone, 0};
  add_pool_grad_case(list, op, half, {5, 28, 28, 24});
  add_pool_grad_case(list, op, half, {1, 99, 101, 17});
  Pool2dAttrs halving{3, 3, 2, 2, 1, 1, 1, 1, 0, kMoteActivationNone, 0};
  add_pool_grad_case(list, op, halving, {1, 112, 112, 16});
  add_pool_grad_case(list, op, halving, {1, 112, 110, 16}, true);
  Pool2dAttrs global{7, 7, 1, 1, 0, 0, 0, 0, 0, kMoteActivationNone, 0};
  add_pool_grad_case(list, op, global, {2, 7, 7, 1024});
  Pool2dAttrs dense{5, 5, 1, 1, 2, 2, 2, 2, 1, kMoteActivationNone, 0};
  add_pool_grad_case(list, op, dense, {1, 60, 40, 24});
  Pool2dAttrs sparse{1, 2, 4, 3, 0, 1, 0, 0, 0, kMoteActivationNone, 0};
  add_pool_grad_case(list, op, sparse, {1, 90, 90, 9});
  Pool2dAttrs large{60, 70, 1, 1, 59, 69, 59, 69, 0, kMoteActivationNone, 0};
  add_pool_grad_case(list, op, large, {1, 4, 5, 17});
}

}  // namespace mote::test
