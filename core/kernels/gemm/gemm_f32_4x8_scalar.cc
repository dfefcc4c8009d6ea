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

// The first `columns` of kColumns floats, the others zeros.
inline void load_part(Lanes* to, const float* from, int columns) {
  for (int j = 0; j < kVectors; ++j, from += 4, columns -= 4)
    to[j] = Lanes{columns > 0 ? from[0] : 0, columns > 1 ? from[1] : 0, columns > 2 ? from[2] : 0,
                  columns > 3 ? from[3] : 0};
}

// kWhole: rows of b may be read to the end.
template <int kCount, bool kWhole>
void rows(const GemmF32Block& g, int64_t first) {
  const float *a = g.a + first * g.a_row, *b = g.b;
  float* y = g.y + first * g.y_stride;
  Lanes acc[kCount][kVectors] = {};
  if (g.accumulate)
    for (int r = 0; r < kCount; ++r) load_part(acc[r], y + r * g.y_stride, g.columns);
  for (int64_t k = 0; k < g.k; ++k, a += g.a_k, b += g.b_k) {
    Lanes w[kVectors];
    if constexpr (kWhole)
      memcpy(w, b, sizeof w);
    else
      load_part(w, b, g.columns);
    for (int r = 0; r < kCount; ++r)
      for (int j = 0; j < kVectors; ++j) acc[r][j] += w[j] * a[r * g.a_row];
  }
  for (int r = 0; r < kCount; ++r, y += g.y_stride) {
    float sums[kColumns];
    memcpy(sums, acc[r], sizeof sums);
    for (int j = 0; j < g.columns; ++j) {
      float v = g.bias == nullptr ? sums[j] : sums[j] + g.bias[j];
      v = v < g.lo ? g.lo : v;
      y[j] = v > g.hi ? g.hi : v;
    }
  }
}

template <bool kWhole>
void block(const GemmF32Block& g) {
  int64_t r = 0;
  for (; r + kRows <= g.rows; r += kRows) rows<kRows, kWhole>(g, r);
  for (; r < g.rows; ++r) rows<1, kWhole>(g, r);
}

}  // namespace

void gemm_f32_4x8_scalar(const GemmF32Block& g) {
  g.padded || g.columns == kColumns ? block<true>(g) : block<false>(g);
}

}  // namespace mote
