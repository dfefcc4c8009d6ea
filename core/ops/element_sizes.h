// Elements as unsigned integers of their size, for operators that move them one by one.
#pragma once

#include <cstdint>

namespace mote {

// Calls f(U()) with the unsigned type of `bytes`: 1, 2, 4 or 8.
template <class F>
void with_unsigned(int64_t bytes, F&& f) {
  switch (bytes) {
    case 1:
      return f(uint8_t{});
    case 2:
      return f(uint16_t{});
    case 4:
      return f(uint32_t{});
    default:
      return f(uint64_t{});
  }
}

}  // namespace mote
