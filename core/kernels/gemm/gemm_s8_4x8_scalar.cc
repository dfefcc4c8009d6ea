// Plain loops with constant bounds, which compilers turn into widening multiply-adds.
#include <cstring>

#include "kernels/gemm/blocks.h"
#include "kernels/requantize_lanes.h"

namespace mote {
namespace {

constexpr int kRows = 4;
constexpr int kColumns = 8;

template <int kCount>
void rows(const GemmS8Block& g, int64_t first) {
  const int16_t* a = g.a + first * g.a_stride;
  const int16_t* b = g.b;
  uint32_t acc[kCount][kColumns];
  for (int r = 0; r < kCount; ++r)
    for (int j = 0; j < kColumns; ++j) acc[r][j] = static_cast<uint32_t>(g.bias[j]);
  for (int64_t k = 0; k < g.k; ++k, b += kColumns)
    for (int r = 0; r < kCount; ++r) {
      int32_t value = a[r * g.a_stride + k];
      for (int j = 0; j < kColumns; ++j) acc[r][j] += static_cast<uint32_t>(value * b[j]);
    }
  RequantizeRange range = {g.lo, g.hi, g.zero_point};
  for (int r = 0; r < kCount; ++r) {
    int8_t part[kColumns];
    requantize_lanes<kColumns>(acc[r], g.scale, range, part);
    memcpy(g.y + (first + r) * g.y_stride, part, static_cast<size_t>(g.columns));
  }
}

}  // namespace

void gemm_s8_4x8_scalar(const GemmS8Block& g) {
  int64_t r = 0;
  for (; r + kRows <= g.rows; r += kRows) rows<kRows>(g, r);
  for (; r < g.rows; ++r) rows<1>(g, r);
}

void gemm_s8_4x8_scalar_widen(const int8_t* from, int16_t* to, int64_t count) {
  for (int64_t i = 0; i < count; ++i) to[i] = from[i];
}

void gemm_s8_4x8_scalar_place(const GemmS8Lanes& g) {
  for (int lane = 0; lane < g.lanes; ++lane) {
    const int8_t* from = g.weights + lane * g.stride;
    for (int64_t k = 0; k < g.terms; ++k)
      g.to[k * kColumns + lane] = static_cast<int16_t>(from[k] - g.zero_point);
  }
}

}  // namespace mote
