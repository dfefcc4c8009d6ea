// Which element of an axis an output of resize_nearest takes; importers ask it too.
#pragma once

#include "ops/resize_bilinear/places.h"
#include "ops/resize_nearest/attributes.h"

namespace mote::resize {

// (22.1), (22.2)
inline int64_t nearest_index(const Axis& axis, int32_t rounding, int64_t i) {
  auto at = static_cast<float>(i);
  float c = axis.half_pixel ? (at + 0.5f) * axis.ratio - 0.5f : at * axis.ratio;
  if (!(c > -1.0f)) return 0;
  if (c > axis.last) return static_cast<int64_t>(axis.last);
  int64_t floor = static_cast<int64_t>(c + 1.0f) - 1;  // corrected where the sum was rounded up
  if (static_cast<float>(floor) > c) --floor;
  float part = c - static_cast<float>(floor);
  bool up = rounding == kMoteNearestCeil          ? part > 0
            : rounding == kMoteNearestPreferFloor ? part > 0.5f
            : rounding == kMoteNearestPreferCeil  ? part >= 0.5f
                                                  : false;
  int64_t index = floor + (up ? 1 : 0), last = static_cast<int64_t>(axis.last);
  return index < 0 ? 0 : index > last ? last : index;
}

}  // namespace mote::resize
