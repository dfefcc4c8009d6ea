// Pictures as network inputs: decoded by stb, resized, mapped to elements.
#pragma once

#include <string>
#include <vector>

#include "files.h"
#include "mote/types.h"

namespace mote::tool {

// real = (scale * pixel - mean[c]) / std[c], pixel in 0..255. One value of mean and std serves all
// channels.
struct PixelMapping {
  bool given = false;  // false: the defaults of README.md, "Pictures"
  double scale = 1.0 / 255.0;
  std::vector<double> mean = {0};
  std::vector<double> deviation = {1};
};

// BMP, PNG or JPEG by their first bytes.
bool is_picture(Span<const uint8_t> bytes);

struct Pixels {
  int source_width = 0;
  int source_height = 0;
  Bytes bytes;  // height x width x channels of the shape asked for
};

// Decodes and resizes to `shape`, which is [1, h, w, c], [h, w, c] with 1 to 4 channels or [1, h,
// w]. Throws Failure(kBadInput).
Pixels load_picture(Span<const uint8_t> file, const Shape& shape, const std::string& subject);

// Writes pixels as elements of a float32, int8 or uint8 input. Throws Failure(kBadInput).
void map_pixels(const Pixels& pixels, const Shape& shape, const TensorInfo& info,
                const PixelMapping& mapping, Span<uint8_t> input);

}  // namespace mote::tool
