// Gradients of window operators in bands of input rows: a tile owns whole rows of the result, so
// that no two tiles write one place.
#pragma once

#include "ops/tiles.h"

namespace mote {

// Cuts units [range) of `count` images, `per_image` units each, at the images' borders. Calls
// segment(image, units of the image).
template <class Segment>
void for_each_segment(Range range, int64_t per_image, Segment&& segment) {
  for (int64_t at = range.begin; at < range.end;) {
    int64_t image = at / per_image, first = at % per_image;
    int64_t left = range.end - at;
    int64_t n = left < per_image - first ? left : per_image - first;
    segment(image, Range{first, first + n});
    at += n;
  }
}

// 64 KiB of the result: a second-level cache holds it beside the operands that it is made from.
inline constexpr int64_t kBandBytes = 65536;

}  // namespace mote
