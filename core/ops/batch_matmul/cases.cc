#include <algorithm>

#include "ops/case.h"

namespace mote::test {
namespace {

struct Sizes {
  int32_t m, n, k;
};

// Leading dimensions of an operand: some missing, some 1.
std::vector<int32_t> leading(CaseList& list, const std::vector<int32_t>& batch) {
  size_t skip = static_cast<size_t>(list.integer(0, static_cast<int32_t>(batch.size())));
  if (list.coin()) skip = 0;
  std::vector<int32_t> out(batch.begin() + static_cast<std::ptrdiff_t>(skip), batch.end());
  for (int32_t& d : out)
    if (list.integer(0, 3) == 0) d = 1;
  return out;
}

std::vector<int32_t> matrix(std::vector<int32_t> shape, int32_t rows, int32_t columns,
                            int32_t transposed) {
  shape.push_back(transposed != 0 ? columns : rows);
  shape.push_back(transposed != 0 ? rows : columns);
  return shape;
}

void product(CaseList& list, const BatchMatmulAttrs& attrs, const Sizes& s,
             const std::vector<int32_t>& a, const std::vector<int32_t>& b) {
  std::vector<int32_t> y(std::max(a.size(), b.size()), 1);
  for (const auto* operand : {&a, &b})
    for (size_t i = 0; i < operand->size(); ++i) {
      int32_t& dim = y[y.size() - operand->size() + i];
      dim = std::max(dim, (*operand)[i]);
    }
  // Long sums of small terms: the NumPy model is compared at 1e-5.
  double largest = s.k > 500 ? 0.25 : 1;
  Operand left = list.f32(matrix(a, s.m, s.k, attrs.transpose_a), -largest, largest);
  Operand right = list.f32(matrix(b, s.k, s.n, attrs.transpose_b), -largest, largest);
  if (list.integer(0, 5) == 0) right.kind = TensorKind::constant;
  Case& c = list.add(op_code::batch_matmul, attrs, {std::move(left), std::move(right)},
                     {list.f32(matrix(y, s.m, s.n, 0))});
  // NUMERICS.md 3.1 for operands of this magnitude.
  c.tolerance = 2.0 * (s.k + 1) * 0x1p-23 * s.k * largest * largest;
}

}  // namespace

void batch_matmul_cases(CaseList& list) {
  // Around the sizes of blocks, panels, pieces; enough terms for ranges of their own.
  const Sizes large[] = {{33, 70, 9},    {200, 40, 30}, {3, 5, 1100}, {1, 130, 90}, {129, 1, 300},
                         {15, 33, 2100}, {800, 70, 5},  {41, 7, 257}, {1, 1, 1}};
  for (int i = 0; i < 4; ++i) {
    BatchMatmulAttrs attrs = {i & 1, i >> 1};
    for (int j = 0; j < 16; ++j) {
      Sizes s = {list.integer(1, 40), list.integer(1, 70), list.integer(1, 40)};
      std::vector<int32_t> batch = list.shape(j % 4, 4);
      product(list, attrs, s, leading(list, batch), leading(list, batch));
    }
    for (const Sizes& s : large) product(list, attrs, s, list.shape(list.integer(0, 1), 3), {});
    product(list, attrs, {2, 3, 4}, {300}, {300});
  }
}

}  // namespace mote::test
