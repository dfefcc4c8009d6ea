// 14x32 float32 sums in 28 of 32 registers; broadcasts ride on the multiply-adds. Fused
// multiply-adds in the order of k, the same for every row count, so that a row's result does not
// depend on the block it falls into. Error bound: (3.1).
#include <immintrin.h>

#include <cstdint>

#include "kernels/gemm/blocks.h"

namespace mote {
namespace {

constexpr int kLanes = 16;
constexpr int kRows = 14;

// Loads and stores of one row of a block; `mask`: lanes of its last vector.
template <int kVectors>
struct Row {
  __mmask16 mask;

  __m512 load(const float* p, int j) const {
    if (j + 1 < kVectors) return _mm512_loadu_ps(p + j * kLanes);
    return _mm512_maskz_loadu_ps(mask, p + j * kLanes);
  }
  void store(float* p, int j, __m512 v) const {
    if (j + 1 < kVectors)
      _mm512_storeu_ps(p + j * kLanes, v);
    else
      _mm512_mask_storeu_ps(p + j * kLanes, mask, v);
  }
};

// Rows of a, three to a pointer: base, index and twice the index make an address, and compilers
// otherwise keep one register a row, more than there are.
template <int kCount>
struct RowPointers {
  static constexpr int kEach = 3, kPointers = (kCount + kEach - 1) / kEach;
  const float* p[kPointers];
  int64_t row;

  RowPointers(const float* a, int64_t a_row) : row(a_row) {
#pragma GCC unroll 14
    for (int i = 0; i < kPointers; ++i) {
      p[i] = a + i * kEach * a_row;
      asm("" : "+r"(p[i]));  // hides how the pointers relate
    }
  }
  const float* at(int r) const { return p[r / kEach] + r % kEach * row; }
  void advance(int64_t step) {
#pragma GCC unroll 14
    for (int i = 0; i < kPointers; ++i) {
      p[i] += step;
      asm("" : "+r"(p[i]));
    }
  }
};

template <int kCount, int kVectors>
inline void rows(const GemmF32Block& g, Row<kVectors> row, int64_t first) {
  RowPointers<kCount> a(g.a + first * g.a_row, g.a_row);
  const float* b = g.b;
  float* y = g.y + first * g.y_stride;
  __m512 acc[kCount][kVectors];
#pragma GCC unroll 14
  for (int r = 0; r < kCount; ++r)
#pragma GCC unroll 14
    for (int j = 0; j < kVectors; ++j)
      acc[r][j] = g.accumulate ? row.load(y + r * g.y_stride, j) : _mm512_setzero_ps();
  for (int64_t k = 0; k < g.k; ++k, a.advance(g.a_k), b += g.b_k) {
    __m512 w[kVectors];
#pragma GCC unroll 14
    for (int j = 0; j < kVectors; ++j) w[j] = row.load(b, j);
#pragma GCC unroll 14
    for (int r = 0; r < kCount; ++r) {
      __m512 value = _mm512_set1_ps(*a.at(r));
#pragma GCC unroll 14
      for (int j = 0; j < kVectors; ++j) acc[r][j] = _mm512_fmadd_ps(value, w[j], acc[r][j]);
    }
  }
  __m512 lo = _mm512_set1_ps(g.lo), hi = _mm512_set1_ps(g.hi);
#pragma GCC unroll 14
  for (int j = 0; j < kVectors; ++j) {
    // -0 changes no sum.
    __m512 bias = g.bias == nullptr ? _mm512_set1_ps(-0.0f) : row.load(g.bias, j);
    // The bound comes first: maxps and minps return their second operand for a NaN.
#pragma GCC unroll 14
    for (int r = 0; r < kCount; ++r)
      row.store(y + r * g.y_stride, j,
                _mm512_min_ps(hi, _mm512_max_ps(lo, _mm512_add_ps(acc[r][j], bias))));
  }
}

template <int kVectors>
void block(const GemmF32Block& g) {
  int rest = g.columns - (kVectors - 1) * kLanes;
  Row<kVectors> row = {static_cast<__mmask16>((1u << rest) - 1)};
  int64_t r = 0;
  for (; r + kRows <= g.rows; r += kRows) rows<kRows>(g, row, r);
  if (g.rows - r >= 8) {
    rows<8>(g, row, r);
    r += 8;
  }
  if (g.rows - r >= 4) {
    rows<4>(g, row, r);
    r += 4;
  }
  if (g.rows - r >= 2) {
    rows<2>(g, row, r);
    r += 2;
  }
  if (r < g.rows) rows<1>(g, row, r);
}

}  // namespace

void gemm_f32_14x32_avx512(const GemmF32Block& g) {
  g.columns > kLanes ? block<2>(g) : block<1>(g);
}

}  // namespace mote
