// The transpose of a convolution as matrix products. The places of its result fall into classes of
// equal remainder by the strides; those of one class read the same taps of the weights, at stride
// 1, so that no product is with zero but at the border.
#pragma once

#include "base/transposed_axis.h"
#include "kernels/gemm/gemm.h"

namespace mote {

// The convolution whose transpose it is; weights [groups * outputs][kh][kw][channels].
struct TransposedConv {
  int32_t kh, kw;
  int32_t stride_h, stride_w;
  int32_t dilation_h, dilation_w;
  int32_t pad_top, pad_left;
  int32_t groups, outputs, channels;  // per group
};
// Result [n][h][w][groups * channels] from x [n][oh][ow][groups * outputs].
struct TransposedShape {
  int64_t n;
  int32_t h, w, oh, ow;
};

struct TransposedClass {
  TransposedAxis rows, columns;
  GemmPlan plan;  // of at least one term, also without taps; offsets in the common packed memory
};
struct TransposedPlan {
  TransposedConv conv;
  TransposedClass* classes;
  int32_t class_count;
  size_t packed_bytes, scratch_bytes;
};

// Above this the classes are too many for a plan.
inline constexpr int32_t kMaxTransposedClasses = 64;
inline bool can_transpose(const TransposedConv& c) {
  return can_transpose_axis(c.kh, c.stride_h, c.dilation_h) &&
         can_transpose_axis(c.kw, c.stride_w, c.dilation_w) &&
         c.stride_h * c.stride_w <= kMaxTransposedClasses;
}
inline int32_t transposed_class_count(const TransposedConv& c) { return c.stride_h * c.stride_w; }

// `classes`: room for transposed_class_count. False when the packed weights would not fit the
// address space.
bool make_transposed_plan(const TransposedConv& conv, const GemmTile& tile,
                          const TransposedShape& largest, TransposedClass* classes,
                          TransposedPlan* plan);

// Weights are packed in independent pieces: blocks of columns.
inline uint32_t transposed_pack_pieces(const TransposedPlan& plan) {
  const GemmPlan& p = plan.classes[0].plan;
  return static_cast<uint32_t>(p.blocks * p.groups);
}
void pack_transposed(const TransposedPlan& plan, const float* weights, void* packed,
                     uint32_t piece);

uint32_t transposed_pieces(const TransposedPlan& plan, const TransposedShape& shape);

struct TransposedOperands {
  const float* x;
  float* y;
  const void* packed;
  const float* bias;  // may be null
  void* scratch;
  float lo, hi;
};
void run_transposed(const TransposedPlan& plan, const GemmF32Kernel& kernel,
                    const TransposedShape& shape, const TransposedOperands& operands,
                    uint32_t piece);

}  // namespace mote
