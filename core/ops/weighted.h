// What conv2d, depthwise_conv2d and fully_connected share. Operands: x, weights, bias and
// requantize scale, the last two optional.
#pragma once

#include "base/channel_scale.h"
#include "base/interval.h"
#include "base/requantize.h"
#include "ops/operator.h"

namespace mote {

inline constexpr size_t kWeightsInput = 1;
inline constexpr size_t kBiasInput = 2;
inline constexpr size_t kRequantizeInput = 3;
// Products of one sum; what the error bounds of NUMERICS.md 3.1 are stated for.
inline constexpr int64_t kMaxTerms = 1 << 22;

// Types, quantization and constness; weights of rank `weights_rank` with the output channels in
// dimension `axis`.
Status check_weighted(const OpView& v, int32_t weights_rank, int32_t axis);
// A product of dimensions of the weights, at most kMaxTerms.
Status check_terms(const OpView& v, int32_t first_dim, int32_t last_dim);
// Dimension `i` of x is static and of size `expected`.
Status check_x_dim(const OpView& v, int32_t i, int64_t expected);

ChannelScale channel_scale(const OpView& v);
RequantizeRange weighted_range(const OpView& v, int32_t activation);
inline bool constant_or_absent(const OpView& v, size_t i) {
  return !v.has(i) || v.in(i).kind == TensorKind::constant;
}
inline int32_t weights_dim(const OpView& v, int32_t i) {
  return v.in(kWeightsInput).bounds.dims[i].max;
}
template <class T>
const T* constant_data(const OpView& v, size_t i) {
  return v.has(i) ? static_cast<const T*>(v.in(i).data) : nullptr;
}
template <class T>
const T* operand_or_null(const KernelCall& call, size_t i) {
  return call.has(i) ? call.in(i).as<T>() : nullptr;
}

// Products of the largest output, saturating.
int64_t weighted_work(const OpView& v, int64_t terms);

// Output places of one piece of a reference kernel.
struct PlaceRange {
  int64_t begin, end;
};
uint32_t place_tiles(int64_t places, int64_t products_per_place);
PlaceRange place_range(int64_t places, int64_t products_per_place, uint32_t tile);

}  // namespace mote
