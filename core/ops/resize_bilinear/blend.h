// The blend of four neighbours: plain arguments, shared by every instruction set.
#pragma once

#include <cstdint>

namespace mote {

// The neighbours of an output pixel, `channels` elements each.
template <class T>
struct Corners {
  const T *v00, *v01, *v10, *v11;
};

// NUMERICS.md (9.5): fractions of the row and the column in [0, 2048]; y overlaps no corner.
using BlendS8 = void (*)(const Corners<int8_t>& v, int32_t fy, int32_t fx, int8_t* y,
                         int64_t channels);
void blend_s8_avx2(const Corners<int8_t>& v, int32_t fy, int32_t fx, int8_t* y, int64_t channels);

}  // namespace mote
