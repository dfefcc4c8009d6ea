// Operands of the cases of the normalizations.
#pragma once

#include "ops/case.h"
#include "ops/normalize_attributes.h"

namespace mote::test {

// Epsilons of PyTorch, Keras and language models.
inline float draw_epsilon(CaseList& list) {
  constexpr float kEpsilons[] = {1e-5f, 1e-3f, 1e-6f, 0.1f};
  return kEpsilons[list.integer(0, 3)];
}

// Around the lengths of vector registers and of the blocks of sums; more than one tile.
inline std::vector<int32_t> draw_rows(CaseList& list, int i) {
  if (i % 16 == 15) return {3, 5000};
  if (i % 16 == 7) return {700, 24};
  std::vector<int32_t> shape = list.shape(list.integer(1, 5), 5);
  constexpr int32_t kSizes[] = {2, 3, 7, 8, 9, 16, 31, 63, 64, 65, 130, 200};
  if (list.coin()) shape.back() = kSizes[list.integer(0, 11)];
  return shape;
}

// An optional operand of layer_norm and rms_norm: the last dimensions of x.
inline Operand draw_last_axes(CaseList& list, const std::vector<int32_t>& x, int32_t axis_count) {
  if (list.integer(0, 3) == 0) return CaseList::none();
  return list.f32({x.end() - axis_count, x.end()}, -2, 2);
}

}  // namespace mote::test
