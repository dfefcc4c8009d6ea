// What the cases of quantize, dequantize, requantize and cast share.
#pragma once

#include <cmath>

#include "ops/case.h"

namespace mote::test {

inline std::vector<int32_t> conversion_shape(CaseList& list, int i) {
  return i % 8 == 7 ? std::vector<int32_t>{3, 3001} : list.shape(list.integer(1, 6), 5);
}

// int8 or uint8, quantized per tensor with any zero point.
inline Operand stored(CaseList& list, Type type, std::vector<int32_t> shape) {
  ir::Quantization q = list.per_tensor();
  if (type == Type::int8) return list.s8(std::move(shape), q);
  q.zero_points[0] += 128;
  return list.u8(std::move(shape), q);
}

inline const std::vector<float> kSpecialFloats = {
    NAN,       INFINITY,    -INFINITY,      -0.0f,    0.5f,    -0.5f,    1.5f,
    -1.5f,     0.99999994f, 127.5f,         128.0f,   -128.5f, -129.0f,  255.9f,
    256.0f,    32767.5f,    32768.0f,       -32769,   65536,   -1.0f,    2147483520.0f,
    0x1p31f,   -0x1p31f,    -2147483904.0f, 0x1p62f,  0x1p63f, -0x1p63f, -0x1p64f,
    0x1p-140f, -0x1p-140f,  3.4e38f,        -3.4e38f, 2.5f,    3.5f,     16777217.0f};
inline Operand special_floats(CaseList& list) {
  return list.given(Type::float32, {static_cast<int32_t>(kSpecialFloats.size())}, kSpecialFloats);
}

}  // namespace mote::test
