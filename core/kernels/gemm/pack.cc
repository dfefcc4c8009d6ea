// Weights in the order in which the micro-kernels read them.
#include "kernels/gemm/gemm.h"

namespace mote {
namespace {

template <class T>
T* at(void* packed, size_t offset) {
  return reinterpret_cast<T*>(static_cast<uint8_t*>(packed) + offset);
}

// Calls place(k, lane, element) for every packed element of a block of columns, in their order.
template <class Place>
void for_each_packed(const GemmPlan& plan, Place place) {
  for (int64_t k = 0; k < plan.padded_k; k += plan.tile.interleave)
    for (int32_t lane = 0; lane < plan.tile.columns; ++lane)
      for (int32_t i = 0; i < plan.tile.interleave; ++i) place(k + i, lane);
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

void pack_gemm_s8(const GemmPlan& plan, const GemmS8Weights& from, void* packed) {
  auto* bias = at<int32_t>(packed, plan.bias);
  auto* scale = at<float>(packed, plan.scale);
  auto* to = at<int16_t>(packed, plan.weights);
  for (int64_t b = 0; b < plan.blocks * plan.groups; ++b) {
    int64_t group = b / plan.blocks, column = b % plan.blocks * plan.tile.columns;
    int64_t channel = group * plan.columns + column;
    for (int32_t lane = 0; lane < plan.tile.columns; ++lane) {
      bool used = column + lane < plan.columns;
      *bias++ = used ? folded_bias(plan, from, channel + lane) : 0;
      *scale++ = used ? from.scale(channel + lane) : 0.0f;
    }
    for_each_packed(plan, [&](int64_t k, int32_t lane) {
      bool used = column + lane < plan.columns && k < plan.k;
      int32_t w = used ? from.weights[(channel + lane) * plan.k + k] - from.zero_point : 0;
      *to++ = static_cast<int16_t>(w);
    });
  }
}

void pack_gemm_f32(const GemmPlan& plan, const float* weights, const float* bias, void* packed) {
  auto* packed_bias = at<float>(packed, plan.bias);
  auto* to = at<float>(packed, plan.weights);
  for (int64_t b = 0; b < plan.blocks * plan.groups; ++b) {
    int64_t group = b / plan.blocks, column = b % plan.blocks * plan.tile.columns;
    int64_t channel = group * plan.columns + column;
    for (int32_t lane = 0; lane < plan.tile.columns; ++lane) {
      bool used = bias != nullptr && column + lane < plan.columns;
      *packed_bias++ = used ? bias[channel + lane] : 0.0f;
    }
    for_each_packed(plan, [&](int64_t k, int32_t lane) {
      *to++ = column + lane < plan.columns ? weights[(channel + lane) * plan.k + k] : 0.0f;
    });
  }
}

}  // namespace mote
