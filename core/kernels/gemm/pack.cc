// Weights in the order in which the micro-kernels read them.
#include <cstring>

#include "kernels/gemm/gemm.h"

namespace mote {
namespace {

template <class T>
T* at(void* packed, size_t offset) {
  return reinterpret_cast<T*>(static_cast<uint8_t*>(packed) + offset);
}

// Output channels of a block of columns.
struct Channels {
  int64_t first;
  int32_t count;
};
Channels channels_of(const GemmPlan& plan, int64_t block) {
  int64_t column = block % plan.blocks * plan.tile.columns, rest = plan.columns - column;
  return {block / plan.blocks * plan.columns + column,
          static_cast<int32_t>(rest < plan.tile.columns ? rest : plan.tile.columns)};
}

// bias - zx * sum of (w - zw), modulo 2^32: the input's zero point needs no subtracting at run.
int32_t folded_bias(const GemmPlan& plan, const GemmS8Weights& from, int64_t channel) {
  const int8_t* row = from.weights + channel * plan.k;
  uint32_t sum = 0;
  for (int32_t k = 0; k < plan.k; ++k) sum += static_cast<uint32_t>(row[k] - from.zero_point);
  uint32_t bias = from.bias == nullptr ? 0 : static_cast<uint32_t>(from.bias[channel]);
  return static_cast<int32_t>(bias - static_cast<uint32_t>(from.input_zero_point) * sum);
}

}  // namespace

void pack_gemm_s8(const GemmPlan& plan, const GemmS8Kernel& kernel, const GemmS8Weights& from,
                  BlockRange range, void* packed) {
  int32_t width = plan.tile.columns;
  int64_t block_size = width * plan.padded_k;
  for (int64_t b = range.begin; b < range.end; ++b) {
    Channels channels = channels_of(plan, b);
    auto* bias = at<int32_t>(packed, plan.bias) + b * width;
    auto* scale = at<float>(packed, plan.scale) + b * width;
    auto* to = at<int16_t>(packed, plan.weights) + b * block_size;
    if (channels.count < width || plan.k < plan.padded_k) {
      memset(to, 0, static_cast<size_t>(block_size) * sizeof *to);
      memset(bias, 0, static_cast<size_t>(width) * sizeof *bias);
      memset(scale, 0, static_cast<size_t>(width) * sizeof *scale);
    }
    for (int32_t i = 0; i < channels.count; ++i) {
      bias[i] = folded_bias(plan, from, channels.first + i);
      scale[i] = from.scale(channels.first + i);
    }
    kernel.place({from.weights + channels.first * plan.k, plan.k, channels.count, plan.k,
                  from.zero_point, to});
  }
}

void pack_gemm_f32(const GemmPlan& plan, const GemmF32Kernel& kernel, const float* weights,
                   BlockRange range, void* packed) {
  int32_t width = plan.tile.columns;
  int64_t block_size = width * plan.padded_k;
  for (int64_t b = range.begin; b < range.end; ++b) {
    Channels channels = channels_of(plan, b);
    auto* to = at<float>(packed, plan.weights) + b * block_size;
    if (channels.count < width) memset(to, 0, static_cast<size_t>(block_size) * sizeof *to);
    kernel.transpose(weights + channels.first * plan.k, plan.k, channels.count, plan.k, to, width);
  }
}

}  // namespace mote
