// The range that a fused activation leaves (NUMERICS.md, 2.3).
#pragma once

#include "base/requantize.h"
#include "ops/fused_activation.h"
#include "ops/operator.h"

namespace mote {

// Stored values [lo, hi] of a per-tensor quantized output (2.4).
struct StoredRange {
  int32_t lo, hi;
};
inline StoredRange type_range(Type type) {
  return type == Type::uint8 ? StoredRange{0, 255} : StoredRange{-128, 127};
}
inline StoredRange stored_activation_range(int32_t activation, const TensorInfo& out) {
  StoredRange r = type_range(out.type);
  float scale = out.quantization.scale();
  int32_t zero = out.quantization.zero_point();
  auto bound = [&](float real) { return quantized_bound(real, scale, zero, r.lo, r.hi); };
  switch (activation) {
    case kMoteActivationRelu:
      return {bound(0.0f), r.hi};
    case kMoteActivationRelu6:
      return {bound(0.0f), bound(6.0f)};
    case kMoteActivationReluN1To1:
      return {bound(-1.0f), bound(1.0f)};
    default:
      return r;
  }
}

// y = v < lo ? lo : (v > hi ? hi : v) is (2.3) for every v: NaN and -0 pass.
struct RealRange {
  float lo, hi;
};
inline RealRange real_activation_range(int32_t activation) {
  constexpr float kInfinity = __builtin_huge_valf();
  switch (activation) {
    case kMoteActivationRelu:
      return {0.0f, kInfinity};
    case kMoteActivationRelu6:
      return {0.0f, 6.0f};
    case kMoteActivationReluN1To1:
      return {-1.0f, 1.0f};
    default:
      return {-kInfinity, kInfinity};
  }
}
template <class T>
T clamp_real(T v, RealRange r) {
  v = v < T(r.lo) ? T(r.lo) : v;
  return v > T(r.hi) ? T(r.hi) : v;
}

}  // namespace mote
