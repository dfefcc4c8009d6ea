// Resizing pictures as Pillow's BILINEAR does, bit for bit, since most models were trained and
// tested on pictures that Pillow had resized.
#pragma once

#include "files.h"

namespace mote::tool {

struct PictureSize {
  int height = 0;
  int width = 0;
};

// `pixels`: height x width x channels. Linear interpolation; when shrinking the filter is widened,
// so that every pixel counts.
Bytes resize(Span<const uint8_t> pixels, PictureSize from, PictureSize to, int channels);

}  // namespace mote::tool
