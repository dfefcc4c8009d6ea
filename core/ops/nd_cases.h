// Operands of gather_nd and scatter_nd.
#pragma once

#include "ops/movement_cases.h"

namespace mote::test {

// Rows of indices, `shape` without their length, into dimensions of these sizes.
inline Operand nd_indices(CaseList& list, std::vector<int32_t> shape,
                          const std::vector<int32_t>& sizes) {
  int64_t rows = 1;
  for (int32_t n : shape) rows *= n;
  shape.push_back(rank_of(sizes));
  bool wide = list.coin();
  std::vector<int64_t> elements;
  for (int64_t row = 0; row < rows; ++row)
    for (int32_t n : sizes) elements.push_back(list.integer(0, n - 1));
  if (wide) return list.given(Type::int64, std::move(shape), elements);
  return list.given(Type::int32, std::move(shape),
                    std::vector<int32_t>(elements.begin(), elements.end()));
}

}  // namespace mote::test
