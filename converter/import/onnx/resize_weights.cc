#include "import/onnx/resize_weights.h"

#include <algorithm>
#include <cmath>

#include "ops/resize_nearest/attributes.h"

namespace mote::onnx_import {
namespace {

double place_of(Coordinates mode, const ResizeAxis& a, int32_t output) {
  const double i = output, n = a.n, m = a.m;
  switch (mode) {
    case Coordinates::asymmetric:
      return i / a.scale;
    case Coordinates::tf_half_pixel_for_nn:
      return (i + 0.5) / a.scale;
    case Coordinates::align_corners:
      // By the length before it is rounded to a size, as ONNX's reference.
      return a.scale * n <= 1 ? 0 : i * (n - 1) / (a.scale * n - 1);
    case Coordinates::tf_crop_and_resize: {
      double span = (a.roi_end - a.roi_begin) * (n - 1);
      return a.roi_begin * (n - 1) + (a.m == 1 ? span / 2 : i * span / (m - 1));
    }
    case Coordinates::half_pixel_symmetric:
      return n / 2 * (1 - m / (a.scale * n)) + (i + 0.5) / a.scale - 0.5;
    case Coordinates::pytorch_half_pixel:
      if (a.m == 1) return 0;
      [[fallthrough]];
    default:
      return (i + 0.5) / a.scale - 0.5;
  }
}

bool is_outside(const ResizeMethod& method, const ResizeAxis& a, double place) {
  return method.coordinates == Coordinates::tf_crop_and_resize && (place < 0 || place > a.n - 1.0);
}

// Keys' kernel.
double cubic(double x, double a) {
  x = std::fabs(x);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}
double triangle(double x) { return std::max(0.0, 1 - std::fabs(x)); }

}  // namespace

Taps taps_of(const ResizeMethod& method, const ResizeAxis& axis, int32_t output) {
  const double place = place_of(method.coordinates, axis, output);
  if (is_outside(method, axis, place)) return {};
  const bool is_cubic = method.interpolation == Interpolation::cubic;
  // A smaller image averages over what one of its elements covers.
  const double stretch = method.antialias ? std::min(axis.scale, 1.0) : 1.0;
  const double reach = (is_cubic ? 2 : 1) / stretch;
  const double base = std::ceil(place) - 1, ratio = place - base;  // in (0, 1]
  const auto start = static_cast<int64_t>(std::floor(-reach)) + 1;
  Taps taps{static_cast<int64_t>(base) + start, {}};
  double sum = 0;
  for (int64_t k = start; k < 2 - start; ++k) {
    double x = (static_cast<double>(k) - ratio) * stretch;
    int64_t at = taps.first + (k - start);
    bool skipped = method.exclude_outside && (at < 0 || at >= axis.n);
    taps.weights.push_back(skipped ? 0 : is_cubic ? cubic(x, method.cubic_a) : triangle(x));
    sum += taps.weights.back();
  }
  if (method.antialias || method.exclude_outside)
    for (double& w : taps.weights) w /= sum;
  return taps;
}

int64_t nearest_of(const ResizeMethod& method, const ResizeAxis& axis, int32_t output) {
  const double place = place_of(method.coordinates, axis, output);
  if (is_outside(method, axis, place)) return -1;
  double index = std::floor(place);
  switch (method.rounding) {
    case kMoteNearestCeil:
      index = std::ceil(place);
      break;
    case kMoteNearestPreferFloor:
      index = std::ceil(place - 0.5);
      break;
    case kMoteNearestPreferCeil:
      index = std::floor(place + 0.5);
      break;
    default:
      break;
  }
  return static_cast<int64_t>(std::clamp(index, 0.0, axis.n - 1.0));
}

}  // namespace mote::onnx_import
