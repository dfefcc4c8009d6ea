// Depthwise convolution with multiplier 1: channels are the vector, taps are reached by pointers.
#pragma once

#include <cstddef>

#include "base/arch.h"
#include "base/channel_scale.h"
#include "base/conv_window.h"
#include "base/requantize.h"
#include "kernels/depthwise/runs.h"

namespace mote {

struct DepthwiseS8Kernel {
  // Weights of a tap: 16 lanes (w0, 0, w2, 0, ...), then (0, w1, 0, w3, ...), so that vpmaddwd
  // widens products of single taps; bias and scale: 8 even channels, then 8 odd ones.
  bool split;
  void (*run)(const DepthwiseS8Run&);
};
using DepthwiseF32Kernel = void (*)(const DepthwiseF32Run&);
using DepthwiseGradKernel = void (*)(const DepthwiseGradRun&);

#define MOTE_DEPTHWISE_S8(name, split) \
  void name(const DepthwiseS8Run&);    \
  inline constexpr DepthwiseS8Kernel k_##name = {split, name};
#define MOTE_DEPTHWISE_F32(name) void name(const DepthwiseF32Run&);
#define MOTE_DEPTHWISE_GRAD(name) void name(const DepthwiseGradRun&);
#include "kernels/depthwise/kernels.inc"
#undef MOTE_DEPTHWISE_S8
#undef MOTE_DEPTHWISE_F32
#undef MOTE_DEPTHWISE_GRAD

// What does not depend on the current shape. Byte offsets in the packed weights.
struct DepthwisePlan {
  int32_t taps, channels;
  size_t padding, bias, scale, weights, bytes;
};
// False when the packed weights would not fit the address space.
bool make_depthwise_plan(const DepthwiseS8Kernel& kernel, int64_t taps, int64_t channels,
                         DepthwisePlan* plan);
// One worker's pointers to taps.
inline size_t depthwise_s8_scratch_bytes(int64_t taps) {
  return static_cast<size_t>(taps) * sizeof(void*);
}
// The same, and as many to weights.
inline size_t depthwise_f32_scratch_bytes(int64_t taps) {
  return static_cast<size_t>(taps) * 2 * sizeof(void*);
}

struct DepthwiseS8Weights {
  const int8_t* weights;  // [taps][channels]
  int32_t zero_point;
  int8_t input_zero_point;
  const int32_t* bias;  // may be null
  ChannelScale scale;
};
void pack_depthwise_s8(const DepthwisePlan& plan, const DepthwiseS8Kernel& kernel,
                       const DepthwiseS8Weights& from, void* packed);

// Pieces are groups of output lines.
uint32_t depthwise_pieces(const ConvWindow& window);

struct DepthwiseS8Operands {
  const int8_t* x;
  int8_t* y;
  const void* packed;
  void* scratch;
  RequantizeRange range;
};
void run_depthwise_s8(const DepthwisePlan& plan, const DepthwiseS8Kernel& kernel,
                      const ConvWindow& window, const DepthwiseS8Operands& operands,
                      uint32_t piece);

struct DepthwiseF32Operands {
  const float* x;
  const float* weights;
  const float* bias;  // may be null
  float* y;
  void* scratch;
  float lo, hi;
};
void run_depthwise_f32(DepthwiseF32Kernel kernel, const ConvWindow& window,
                       const DepthwiseF32Operands& operands, uint32_t piece);

}  // namespace mote
