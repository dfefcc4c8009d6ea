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
  // Long sums of small terms: the NumPy model is compared at 1e-5.
  double largest = s.k > 500 ? 0.25 : 1;
  Operand left = list.f32(matrix(a, s.m, s.k, attrs.transpose_a), -largest, largest);
  Operand right = list.f32(matrix(b, s.k, s.n, attrs.transpose_b), -largest, largest);
  if (list.integer(0, 5) == 0) right.kind = TensorKind::constant;
  Case& c =
      list.add(op_code::batch_matmul, attrs, {std::move(left), std::move(right)}, {list.f32({})});
  // NUMERICS.md 3.1 for operands of this magnitude.
  c.tolerance = 2.0 * (s.k + 1) * 0x1p-23 * s.k * largest * largest;
}

// int8 quantized, int8 with exact sums, int32 and int64 that wrap around.
void integer_product(CaseList& list, int i) {
  BatchMatmulAttrs attrs = {i & 1, (i >> 1) & 1};
  Sizes s = {list.integer(1, 12), list.integer(1, 150), list.integer(1, 40)};
  std::vector<int32_t> batch = list.shape(list.integer(0, 2), 3);
  std::vector<int32_t> a = matrix(leading(list, batch), s.m, s.k, attrs.transpose_a);
  std::vector<int32_t> b = matrix(leading(list, batch), s.k, s.n, attrs.transpose_b);
  constexpr Type kWide[] = {Type::int32, Type::int64};
  Type type = kWide[i / 8 % 2];
  std::vector<Operand> inputs = {list.ints(type, a, INT32_MIN, INT32_MAX),
                                 list.ints(type, b, INT32_MIN, INT32_MAX)};
  Operand y = list.ints(type, {}, 0, 0);
  if (i % 8 < 6) {
    bool quantized = i % 3 != 0;
    inputs = {list.s8(a, list.per_tensor()), list.s8(b, list.per_tensor())};
    if (i % 12 == 0)
      for (Operand& operand : inputs) operand.quantization = {};
    y = quantized ? list.s8({}, list.per_tensor()) : list.ints(Type::int32, {}, 0, 0);
    // Scales that leave a fair part of the results unsaturated.
    if (quantized)
      y.quantization.scales[0] = inputs[0].quantization.scales[0] *
                                 inputs[1].quantization.scales[0] * 300 * static_cast<float>(s.k);
  }
  list.add(op_code::batch_matmul, attrs, std::move(inputs), {std::move(y)});
}

// int8 weights [n, k] with and without zero points: several pieces of columns, and of terms whose
// sums wrap.
void exact_products(CaseList& list) {
  const Sizes sizes[] = {{1, 70, 300}, {3, 200, 129}, {5, 64, 1}, {2, 5, 70000}, {1, 6, 140000}};
  for (const Sizes& s : sizes)
    for (bool quantized : {false, true}) {
      std::vector<Operand> inputs = {list.s8({s.m, s.k}, list.per_tensor()),
                                     list.s8({s.n, s.k}, list.per_tensor())};
      for (Operand& operand : inputs)
        if (!quantized) operand.quantization = {};
      list.add(op_code::batch_matmul, BatchMatmulAttrs{0, 1}, std::move(inputs),
               {list.ints(Type::int32, {}, 0, 0)});
    }
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
  for (int i = 0; i < 144; ++i) integer_product(list, i);
}

}  // namespace mote::test
