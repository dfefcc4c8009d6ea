// The levels of fake_quant; its gradient asks for them too.
#pragma once

#include "base/requantize.h"
#include "ops/fake_quant/attributes.h"

namespace mote {

// Multiples of `step` from `lo` to `hi`, one of which is 0.
struct FakeQuantGrid {
  float lo, hi, step, inverse;
};

// (22.5)
inline FakeQuantGrid fake_quant_grid(const FakeQuantAttrs& a) {
  const auto first = static_cast<float>(a.narrow_range);
  const auto last = static_cast<float>((1 << a.bits) - 1);
  const float step = (a.max - a.min) / (last - first);
  float zero = first - a.min / step;
  zero = zero < first ? first : zero > last ? last : zero;
  zero = static_cast<float>(static_cast<int32_t>(zero + 0.5F));
  return {(first - zero) * step, (last - zero) * step, step, 1.0F / step};
}

}  // namespace mote
