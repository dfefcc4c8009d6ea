// 64-bit size arithmetic that reports overflow instead of wrapping.
#pragma once

#include <cstdint>

#include "mote/types.h"

namespace mote {

inline bool checked_mul(int64_t a, int64_t b, int64_t* out) {
  return !__builtin_mul_overflow(a, b, out);
}
inline bool checked_add(int64_t a, int64_t b, int64_t* out) {
  return !__builtin_add_overflow(a, b, out);
}
inline bool checked_add(uint64_t a, uint64_t b, uint64_t* out) {
  return !__builtin_add_overflow(a, b, out);
}

constexpr uint64_t round_up(uint64_t n, uint64_t alignment) {
  return (n + alignment - 1) / alignment * alignment;
}
constexpr int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

// Bytes of the largest shape within `bounds`; -1 when it does not fit 63 bits.
inline int64_t max_bytes_of(const ShapeBounds& bounds, Type type) {
  auto bytes = static_cast<int64_t>(type_bytes(type));
  for (int i = 0; i < bounds.rank; ++i)
    if (!checked_mul(bytes, bounds.dims[i].max, &bytes)) return -1;
  return bytes;
}

}  // namespace mote
