// How ONNX's Resize reads one axis, in double (onnx.ai, Resize; the formulas of its reference).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mote::onnx_import {

enum class Coordinates {
  half_pixel,
  half_pixel_symmetric,
  pytorch_half_pixel,
  align_corners,
  asymmetric,
  tf_half_pixel_for_nn,
  tf_crop_and_resize,
};
enum class Interpolation { nearest, linear, cubic };

struct ResizeMethod {
  Interpolation interpolation = Interpolation::nearest;
  Coordinates coordinates = Coordinates::half_pixel;
  int32_t rounding = 0;  // MoteNearestRounding
  double cubic_a = -0.75;
  bool exclude_outside = false;
  bool antialias = false;
};

struct ResizeAxis {
  int32_t n = 1, m = 1;  // sizes of input and output
  double scale = 1;
  double roi_begin = 0, roi_end = 1;  // tf_crop_and_resize
};

// One output of an axis: element `first + k` of the input, kept inside it, times weights[k].
// Outside of a crop: no weights.
struct Taps {
  int64_t first = 0;
  std::vector<double> weights;
};
Taps taps_of(const ResizeMethod& method, const ResizeAxis& axis, int32_t output);
// The element that `nearest` takes; -1 outside of a crop.
int64_t nearest_of(const ResizeMethod& method, const ResizeAxis& axis, int32_t output);

}  // namespace mote::onnx_import
