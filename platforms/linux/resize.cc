#include "resize.h"

#include <algorithm>
#include <cmath>

namespace mote::tool {
namespace {

// Fixed point of the weights: 32 bits less 8 of a pixel and 2 for sums above one (Pillow's
// Resample.c).
constexpr int kWeightBits = 32 - 8 - 2;

// The source positions that one target position takes, with their weights.
struct Taps {
  int first = 0;
  std::vector<int32_t> weights;
};

Taps taps_of(int position, int from, int to) {
  const double scale = static_cast<double>(from) / to;
  const double support = std::max(scale, 1.0);  // half the triangle's base
  const double center = (position + 0.5) * scale;
  Taps taps;
  taps.first = std::max(0, static_cast<int>(center - support + 0.5));
  const int last = std::min(from, static_cast<int>(center + support + 0.5));
  std::vector<double> weights;
  double sum = 0;
  for (int i = taps.first; i < last; ++i) {
    weights.push_back(std::max(0.0, 1.0 - std::fabs((i - center + 0.5) * (1.0 / support))));
    sum += weights.back();
  }
  for (const double weight : weights) {
    taps.weights.push_back(static_cast<int32_t>(0.5 + weight / sum * (1 << kWeightBits)));
  }
  return taps;
}

// Resizes the middle dimension of [outer, from, inner].
Bytes resize_axis(const Bytes& pixels, int from, int to, size_t inner) {
  if (from == to) return pixels;
  const size_t outer = pixels.size() / (static_cast<size_t>(from) * inner);
  Bytes result(outer * static_cast<size_t>(to) * inner);
  for (int position = 0; position < to; ++position) {
    const Taps taps = taps_of(position, from, to);
    for (size_t o = 0; o < outer; ++o) {
      const uint8_t* source =
          &pixels[(o * static_cast<size_t>(from) + static_cast<size_t>(taps.first)) * inner];
      uint8_t* target =
          &result[(o * static_cast<size_t>(to) + static_cast<size_t>(position)) * inner];
      for (size_t i = 0; i < inner; ++i) {
        int64_t sum = 1 << (kWeightBits - 1);
        for (size_t t = 0; t < taps.weights.size(); ++t) {
          sum += int64_t{source[t * inner + i]} * taps.weights[t];
        }
        target[i] = static_cast<uint8_t>(std::clamp<int64_t>(sum >> kWeightBits, 0, 255));
      }
    }
  }
  return result;
}

}  // namespace

Bytes resize(Span<const uint8_t> pixels, PictureSize from, PictureSize to, int channels) {
  const auto depth = static_cast<size_t>(channels);
  const Bytes source(pixels.begin(), pixels.end());
  const Bytes narrow = resize_axis(source, from.width, to.width, depth);
  return resize_axis(narrow, from.height, to.height, static_cast<size_t>(to.width) * depth);
}

}  // namespace mote::tool
