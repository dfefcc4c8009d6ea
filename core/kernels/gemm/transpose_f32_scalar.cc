// Squares of four: whole cache lines are read while few are written.
#include "kernels/gemm/gemm.h"

namespace mote {

void transpose_f32_scalar(const float* from, int64_t stride, int64_t rows, int64_t columns,
                          float* to, int64_t to_stride) {
  constexpr int64_t kSide = 4;
  for (int64_t r = 0; r < rows; r += kSide)
    for (int64_t c = 0; c < columns; ++c)
      for (int64_t i = r; i < rows && i < r + kSide; ++i)
        to[c * to_stride + i] = from[i * stride + c];
}

}  // namespace mote
