// Cases of max_pool2d and avg_pool2d.
#pragma once

#include "ops/case.h"

namespace mote::test {

inline void add_pool_case(CaseList& list, uint16_t op, Type type, const Pool2dAttrs& a,
                          const std::vector<int32_t>& shape, bool extreme) {
  if (type == Type::float32) {
    list.add(op, a, {list.f32(shape, -8, 8)}, {list.f32({})});
    return;
  }
  Operand x = list.s8(shape, list.per_tensor());
  if (extreme) x.fill = Fill::extreme;
  list.add(op, a, {x}, {list.s8({}, x.quantization)});
}

// Any window with pads below it, on an image that it fits.
inline Pool2dAttrs draw_pool(CaseList& list, uint16_t op) {
  Pool2dAttrs a{};
  a.window_h = list.integer(1, 5);
  a.window_w = list.integer(1, 5);
  a.stride_h = list.integer(1, 4);
  a.stride_w = list.integer(1, 4);
  a.pad_top = list.integer(0, a.window_h - 1);
  a.pad_left = list.integer(0, a.window_w - 1);
  a.pad_bottom = list.integer(0, a.window_h - 1);
  a.pad_right = list.integer(0, a.window_w - 1);
  a.activation = list.integer(0, 3);
  if (op == op_code::avg_pool2d) {
    a.count_include_pad = list.integer(0, 1);
    a.round_half_up = list.integer(0, 1);
  }
  return a;
}

inline void pool_cases(CaseList& list, uint16_t op) {
  for (Type type : {Type::float32, Type::int8}) {
    for (int i = 0; i < 96; ++i) {
      Pool2dAttrs a = draw_pool(list, op);
      int32_t n = list.integer(1, 2);
      int32_t h = a.window_h + list.integer(0, 9), w = a.window_w + list.integer(0, 9);
      // Channels around the widths of vector registers.
      constexpr int32_t kChannels[] = {1, 3, 7, 8, 9, 16, 31, 32, 33, 71};
      add_pool_case(list, op, type, a, {n, h, w, kChannels[list.integer(0, 9)]}, i % 6 == 5);
    }
    // The pools of models: 3 by 3 in steps of two, the whole image, and the largest sums.
    Pool2dAttrs halving{3, 3, 2, 2, 0, 0, 1, 1, 0, kMoteActivationNone, 0};
    add_pool_case(list, op, type, halving, {1, 56, 56, 64}, false);
    Pool2dAttrs global{7, 7, 1, 1, 0, 0, 0, 0, 0, kMoteActivationNone, 0};
    add_pool_case(list, op, type, global, {2, 7, 7, 1024}, false);
    Pool2dAttrs large{60, 70, 1, 1, 59, 69, 59, 69, 0, kMoteActivationNone, 0};
    add_pool_case(list, op, type, large, {1, 4, 5, 17}, true);
    Pool2dAttrs whole{180, 170, 1, 1, 0, 0, 0, 0, 0, kMoteActivationNone, 0};
    add_pool_case(list, op, type, whole, {1, 180, 170, 9}, true);
  }
}

}  // namespace mote::test
