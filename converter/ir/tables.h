// Tables and scales that quantized operators store in the file (NUMERICS.md, 3.3, 7.2, 7.8, 18.6),
// made in double.
#pragma once

#include <vector>

#include "ir/graph.h"
#include "ops/activation/attributes.h"

namespace mote::ir {

// (7.8): the int8 result of an activation for every int8 input.
std::vector<int8_t> activation_table(const ActivationAttrs& attrs, const Quantization& in,
                                     const Quantization& out);
inline std::vector<int8_t> activation_table(int32_t kind, const Quantization& in,
                                            const Quantization& out) {
  return activation_table(ActivationAttrs{kind, 0, 0}, in, out);
}
// (18.6): the same of a function of mathematics (MoteMathKind).
std::vector<int8_t> math_table(int32_t kind, const Quantization& in, const Quantization& out);
// (7.2): exp(-k * s * beta) in 2^-23.
std::vector<int32_t> softmax_table(float scale, float beta);
// (3.3): (s_x * s_w) / s_out in float32 in that order, one per scale of the weights.
std::vector<float> requantize_scales(const Quantization& x, const Quantization& weights,
                                     const Quantization& out);

}  // namespace mote::ir
