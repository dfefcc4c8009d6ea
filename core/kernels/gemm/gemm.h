// Convolution as a matrix product: one row per output place, gathered a panel at a time, times
// packed weights. Fully connected layers are windows of one tap.
#pragma once

#include <cstddef>

#include "base/arch.h"
#include "base/channel_scale.h"
#include "base/conv_window.h"
#include "base/requantize.h"
#include "kernels/gemm/blocks.h"

namespace mote {

struct GemmTile {
  int32_t rows, columns, interleave;
};
struct GemmS8Kernel {
  GemmTile tile;
  void (*block)(const GemmS8Block&);
  void (*widen)(const int8_t* from, int16_t* to, int64_t count);
  void (*place)(const GemmS8Lanes&);
};
struct GemmF32Kernel {
  GemmTile tile;
  void (*block)(const GemmF32Block&);
  // to[c * to_stride + r] = from[r * stride + c]
  void (*transpose)(const float* from, int64_t stride, int64_t rows, int64_t columns, float* to,
                    int64_t to_stride);
};

#define MOTE_GEMM_S8(name, rows, columns, interleave)                \
  void name(const GemmS8Block&);                                     \
  void name##_widen(const int8_t* from, int16_t* to, int64_t count); \
  void name##_place(const GemmS8Lanes&);                             \
  inline constexpr GemmS8Kernel k_##name = {                         \
      {rows, columns, interleave}, name, name##_widen, name##_place};
#define MOTE_GEMM_F32(name, rows, columns, transpose)                       \
  void name(const GemmF32Block&);                                           \
  void transpose(const float*, int64_t, int64_t, int64_t, float*, int64_t); \
  inline constexpr GemmF32Kernel k_##name = {{rows, columns, 1}, name, transpose};
#include "kernels/gemm/kernels.inc"
#undef MOTE_GEMM_S8
#undef MOTE_GEMM_F32

// What does not depend on the current shape. Weights are [groups * columns][k].
struct GemmPlan {
  GemmTile tile;
  int32_t k, columns, groups;  // per group
  int64_t blocks;              // of columns, per group
  int64_t padded_k;            // a multiple of the interleave
  int64_t panel_rows;          // rows gathered at once
  // Byte offsets in the packed weights.
  size_t bias, scale, weights, bytes;
};
// `element`: bytes of a gathered or packed element. `places`: the most output places. False when
// the packed weights would not fit the address space.
bool make_gemm_plan(const GemmTile& tile, int64_t k, int64_t columns, int64_t groups,
                    int64_t places, size_t element, GemmPlan* plan);
// Bytes of one worker's panel.
size_t gemm_scratch_bytes(const GemmPlan& plan, size_t element);

// Independent pieces: panels of rows times ranges of columns, per group.
struct GemmTiling {
  int64_t rows, columns;  // of a piece
  int64_t row_pieces, column_pieces;
};
GemmTiling gemm_tiling(const GemmPlan& plan, int64_t places);

struct GemmS8Weights {
  const int8_t* weights;
  int32_t zero_point, input_zero_point;
  const int32_t* bias;  // may be null
  ChannelScale scale;
};
// Blocks of columns, of all groups in their order; they are packed independently.
struct BlockRange {
  int64_t begin, end;
};
inline BlockRange all_blocks(const GemmPlan& plan) { return {0, plan.blocks * plan.groups}; }
void pack_gemm_s8(const GemmPlan& plan, const GemmS8Kernel& kernel, const GemmS8Weights& from,
                  BlockRange range, void* packed);
void pack_gemm_f32(const GemmPlan& plan, const GemmF32Kernel& kernel, const float* weights,
                   BlockRange range, void* packed);

// One piece. `y` is [places][groups * columns].
struct GemmS8Operands {
  const int8_t* x;
  int8_t* y;
  const void* packed;
  void* panel;
  int8_t input_zero_point;
  RequantizeRange range;
};
void run_gemm_s8(const GemmPlan& plan, const GemmS8Kernel& kernel, const ConvWindow& window,
                 const GemmS8Operands& operands, uint32_t piece);

struct GemmF32Operands {
  const float* x;
  float* y;
  const void* packed;
  const float* bias;  // may be null
  void* panel;        // unused for windows that read whole rows of x
  float lo, hi;
};
void run_gemm_f32(const GemmPlan& plan, const GemmF32Kernel& kernel, const ConvWindow& window,
                  const GemmF32Operands& operands, uint32_t piece);

// Each output place reads the channels of one input place: rows of x need no gathering.
inline bool is_pointwise(const ConvWindow& w) {
  return w.kh == 1 && w.kw == 1 && w.stride_h == 1 && w.stride_w == 1 && w.oh == w.h &&
         w.ow == w.w && w.pad_top == 0 && w.pad_left == 0;
}

}  // namespace mote
