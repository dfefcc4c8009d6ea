// What blocks.h promises of the float32 matrix micro-kernels.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include "kernels/gemm/gemm.h"
#include "mote/session.h"

namespace mote::test {
namespace {

struct Named {
  const char* name;
  const GemmF32Kernel* kernel;
};
constexpr Named kKernels[] = {
#define MOTE_GEMM_S8(name, rows, columns, interleave)
#define MOTE_GEMM_F32(name, rows, columns, transpose) {#name, &k_##name},
#include "kernels/gemm/kernels.inc"
#undef MOTE_GEMM_S8
#undef MOTE_GEMM_F32
};

constexpr float kInfinity = __builtin_huge_valf();
constexpr float kUntouched = 12345;
constexpr int64_t kTerms = 37, kStride = 40;

class GemmBlock : public testing::TestWithParam<Named> {
 protected:
  void SetUp() override {
    std::mt19937 engine(1);
    for (std::vector<float>* v : {&a_, &b_, &bias_})
      for (float& x : *v) x = static_cast<float>(engine() >> 8) * 0x1p-23F - 1;
  }
  const GemmF32Kernel& kernel() const { return *GetParam().kernel; }

  GemmF32Block block(int32_t columns, int64_t rows, bool transposed) {
    return {a_.data(),
            transposed ? 1 : kStride,
            transposed ? kStride : 1,
            b_.data(),
            kStride,
            kTerms,
            bias_.data(),
            -kInfinity,
            kInfinity,
            columns,
            false,
            false,
            nullptr,
            kStride,
            rows};
  }
  std::vector<float> run(GemmF32Block g, std::vector<float> y = {}) {
    if (y.empty()) y.assign(kStride * kStride, kUntouched);
    g.y = y.data();
    kernel().block(g);
    return y;
  }

  std::vector<float> a_ = std::vector<float>(kStride * kStride);
  std::vector<float> b_ = std::vector<float>(kStride * kStride);
  std::vector<float> bias_ = std::vector<float>(kStride);
};

double exact(const GemmF32Block& g, int64_t row, int64_t column) {
  double sum = g.bias == nullptr ? 0 : g.bias[column];
  for (int64_t k = 0; k < g.k; ++k)
    sum += static_cast<double>(g.a[row * g.a_row + k * g.a_k]) * g.b[k * g.b_k + column];
  return sum;
}

TEST_P(GemmBlock, IsTheProduct) {
  for (int32_t columns = 1; columns <= kernel().tile.columns; ++columns)
    for (int64_t rows : {1, 2, 3, 5, 13, 14, 29})
      for (bool transposed : {false, true}) {
        GemmF32Block g = block(columns, rows, transposed);
        if (rows == 3) g.bias = nullptr;
        std::vector<float> y = run(g);
        for (int64_t i = 0; i < kStride * kStride; ++i) {
          bool inside = i / kStride < rows && i % kStride < columns;
          double expected = inside ? exact(g, i / kStride, i % kStride) : kUntouched;
          // NUMERICS.md 3.1: at most 38 terms of magnitude 1.
          ASSERT_NEAR(y[i], expected, 2 * 39 * 0x1p-23 * 38) << columns << " " << rows << " " << i;
        }
      }
}

TEST_P(GemmBlock, ClampsAndLetsNanPass) {
  GemmF32Block g = block(kernel().tile.columns, 15, false);
  g.lo = -0.5F;
  g.hi = 0.25F;
  a_[2 * kStride] = NAN;
  std::vector<float> y = run(g);
  for (int32_t j = 0; j < g.columns; ++j) {
    EXPECT_TRUE(std::isnan(y[2 * kStride + j]));
    EXPECT_GE(y[j], -0.5F);
    EXPECT_LE(y[j], 0.25F);
  }
}

TEST_P(GemmBlock, RangesOfTermsGiveTheBitsOfTheWhole) {
  for (int32_t columns : {1, kernel().tile.columns - 1, kernel().tile.columns}) {
    GemmF32Block g = block(columns, 17, false), first = g, second = g;
    first.k = 20;
    first.bias = nullptr;
    second.a += 20;
    second.b += 20 * g.b_k;
    second.k -= 20;
    second.accumulate = true;
    EXPECT_EQ(run(second, run(first)), run(g));
  }
}

TEST_P(GemmBlock, RowsDoNotDependOnTheRowsBesideThem) {
  GemmF32Block g = block(kernel().tile.columns, 29, false), one = g;
  std::vector<float> y = run(g);
  one.rows = 1;
  for (int64_t r = 0; r < g.rows; ++r, one.a += g.a_row) {
    std::vector<float> row = run(one);
    EXPECT_TRUE(std::equal(row.begin(), row.begin() + kStride, y.begin() + r * kStride)) << r;
  }
}

// Those that this processor can run; the scalar one is always there.
std::vector<Named> available_kernels() {
  std::vector<Named> kernels;
  for (const Named& k : kKernels)
    if (isa_available(isa_from_name(strrchr(k.name, '_') + 1).value())) kernels.push_back(k);
  return kernels;
}

INSTANTIATE_TEST_SUITE_P(Kernels, GemmBlock, testing::ValuesIn(available_kernels()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace mote::test
