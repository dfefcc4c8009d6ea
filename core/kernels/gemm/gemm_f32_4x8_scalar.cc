// Vectors of four, which compilers split where a processor has none; plain loops they unroll
// instead of vectorizing. Terms in the order of k.
#include <cstring>

#include "kernels/gemm/blocks.h"

namespace mote {
namespace {

constexpr int kRows = 4;
constexpr int kColumns = 8;
constexpr int kVectors = kColumns / 4;
using Lanes = float __attribute__((vector_size(16)));

template <int kCount>
void rows(const GemmF32Block& g, int64_t first) {
  const float* a = g.a + first * g.a_stride;
  const float* b = g.b;
  Lanes acc[kCount][kVectors] = {};
  for (int64_t k = 0; k < g.k; ++k, b += kColumns) {
    Lanes w[kVectors];
    memcpy(w, b, sizeof w);
    for (int r = 0; r < kCount; ++r)
      for (int j = 0; j < kVectors; ++j) acc[r][j] += w[j] * a[r * g.a_stride + k];
  }
  for (int r = 0; r < kCount; ++r) {
    float sums[kColumns];
    memcpy(sums, acc[r], sizeof sums);
    for (int j = 0; j < g.columns; ++j) {
      float v = sums[j] + g.bias[j];
      v = v < g.lo ? g.lo : v;
      g.y[(first + r) * g.y_stride + j] = v > g.hi ? g.hi : v;
    }
  }
}

}  // namespace

void gemm_f32_4x8_scalar(const GemmF32Block& g) {
  int64_t r = 0;
  for (; r + kRows <= g.rows; r += kRows) rows<kRows>(g, r);
  for (; r < g.rows; ++r) rows<1>(g, r);
}

}  // namespace mote
