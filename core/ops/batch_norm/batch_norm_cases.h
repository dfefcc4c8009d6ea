// Operands of the cases of batch normalization.
#pragma once

#include "ops/case.h"

namespace mote::test {

// [..., channels] around the widths of vector registers.
inline std::vector<int32_t> draw_rows_of_channels(CaseList& list, int32_t least_rows) {
  constexpr int32_t kChannels[] = {1, 2, 3, 7, 8, 9, 16, 24, 31, 33, 64, 71, 130};
  std::vector<int32_t> shape = list.shape(list.integer(0, 3), 9);
  int32_t rows = 1;
  for (int32_t d : shape) rows *= d;
  if (rows < least_rows) shape.insert(shape.begin(), least_rows);
  shape.push_back(kChannels[list.integer(0, 12)]);
  return shape;
}

// Attributes that every reader takes; epsilon as in PyTorch and Keras.
inline BatchNormAttrs draw_batch_norm(CaseList& list) {
  BatchNormAttrs a{};
  a.epsilon = list.coin() ? 1e-5f : 1e-3f;
  a.momentum = list.real(0, 1);
  return a;
}

}  // namespace mote::test
