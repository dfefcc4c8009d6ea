// DFT, STFT, HannWindow, HammingWindow, BlackmanWindow, MelWeightMatrix.
#include "import/onnx/signal.h"

#include <cmath>
#include <numbers>

#include "base/checked.h"
#include "import/onnx/float_steps.h"
#include "ir/op_view.h"

namespace mote::onnx_import {
namespace {

constexpr double kPi = std::numbers::pi;
// Constants that a file asks for without holding them.
constexpr int64_t kMaxMade = 1 << 24;

// cos(2 pi i / n), exact at quarters of the circle.
double cosine(int64_t i, int64_t n) {
  i = ((i % n) + n) % n;
  if (4 * i == n || 4 * i == 3 * n) return 0;
  return std::cos(2 * kPi * static_cast<double>(i) / static_cast<double>(n));
}
double sine(int64_t i, int64_t n) {
  i = ((i % n) + n) % n;
  if (i == 0 || 2 * i == n) return 0;
  return std::sin(2 * kPi * static_cast<double>(i) / static_cast<double>(n));
}

// False, and an error, when the matrix would be too large.
bool check_fourier(NodeImport& c, const Fourier& f) {
  if (f.length >= 1 && f.length <= kMaxMade && f.inputs <= kMaxMade &&
      f.bins * 2 * f.inputs * (f.is_complex ? 2 : 1) <= kMaxMade)
    return true;
  c.error("a Fourier transform of length " + std::to_string(f.length),
          "it is computed as a product with a matrix, which may have 2^24 elements");
  return false;
}

// The axis of DFT: an operand from operator set 20 on.
int32_t transform_axis(NodeImport& c, int32_t rank) {
  int64_t axis = c.opset() >= 20 ? -2 : c.attr_int("axis", 1);
  if (c.opset() >= 20 && c.has(2)) {
    auto given = c.constant_int(2);
    if (!given) return -1;
    axis = *given;
  }
  const int32_t out = c.axis(axis, rank);
  if (out == rank - 1) c.error("the axis is the one of real and imaginary parts");
  return c.failed() ? -1 : out;
}

std::optional<Fourier> transform_of(NodeImport& c, ir::ValueId x, int32_t axis) {
  const Dim parts = c.shape(x).dims[c.rank(x) - 1], size = c.shape(x).dims[axis];
  if (!parts.is_static() || parts.max > 2 || !size.is_static()) {
    c.error("an input of shape " + ir::shape_text(c.shape(x)) +
                "; expected a static size along the axis, and 1 or 2 at last",
            "make the input's sizes static");
    return std::nullopt;
  }
  Fourier f{size.max, size.max, 0, parts.max == 2, c.attr_int("inverse", 0) != 0};
  if (c.has(1)) {
    auto length = c.constant_int(1);
    if (!length) return std::nullopt;
    f.length = *length;
  }
  const bool onesided = c.attr_int("onesided", 0) != 0;
  f.bins = onesided ? f.length / 2 + 1 : f.length;
  if (onesided && (f.inverse || f.is_complex)) {
    c.error("onesided with an inverse transform or complex numbers", "give the whole spectrum");
    return std::nullopt;
  }
  return check_fourier(c, f) ? std::optional(f) : std::nullopt;
}

// An operator set's window functions: sums of cosines.
struct Cosines {
  double constant, first, second;
};

void import_window(NodeImport& c, const Cosines& w) {
  auto size = c.constant_int(0);
  std::optional<Type> type = c.type_of(c.attr_int("output_datatype", 1));
  if (!size || !type) return;
  if (*size < 1 || *size > kMaxMade) return c.error("a window of " + std::to_string(*size));
  const int64_t period = c.attr_int("periodic", 1) != 0 ? *size : *size - 1;
  std::vector<float> elements;
  for (int64_t i = 0; i < *size; ++i)
    elements.push_back(static_cast<float>(period == 0 ? 1
                                                      : w.constant + w.first * cosine(i, period) +
                                                            w.second * cosine(2 * i, period)));
  ir::ValueId y = c.build().constant(c.where() + "/window", Type::float32,
                                     {static_cast<int32_t>(*size)}, elements);
  c.define(0, as_type(c, y, *type));
}

// The window of an STFT, and the length of its frames.
bool read_frames(NodeImport& c, std::vector<double>* window, int64_t* length) {
  if (c.has(2)) {
    auto given = c.constant_reals(2);
    if (!given) return false;
    *window = *given;
    *length = static_cast<int64_t>(given->size());
  }
  if (c.has(3)) {
    auto given = c.constant_int(3);
    if (!given) return false;
    *length = *given;
  }
  if (*length >= 1 && (window->empty() || static_cast<int64_t>(window->size()) == *length))
    return true;
  c.error("neither a window nor a length of frames that suits it");
  return false;
}

double mel_of(double frequency) { return 2595 * std::log10(1 + frequency / 700); }

}  // namespace

std::vector<float> fourier_matrix(const Fourier& f, const std::vector<double>& window) {
  const int64_t parts = f.is_complex ? 2 : 1;
  std::vector<float> m(static_cast<size_t>(f.bins * 2 * f.inputs * parts), 0);
  const double sign = f.inverse ? 1 : -1,
               scale = f.inverse ? 1.0 / static_cast<double>(f.length) : 1;
  for (int64_t k = 0; k < f.bins; ++k)
    for (int64_t i = 0; i < std::min(f.inputs, f.length); ++i) {
      const double w = window.empty() ? scale : scale * window[static_cast<size_t>(i)];
      // Below 2^48: check_fourier().
      const double re = w * cosine(i * k, f.length), im = w * sign * sine(i * k, f.length);
      float* real = m.data() + (2 * k * f.inputs + i) * parts;
      float* imaginary = real + f.inputs * parts;
      real[0] = static_cast<float>(re);
      imaginary[0] = static_cast<float>(im);
      if (!f.is_complex) continue;
      real[1] = static_cast<float>(-im);
      imaginary[1] = static_cast<float>(re);
    }
  return m;
}

void import_dft(NodeImport& c) {
  ir::ValueId x = float_input(c, 0);
  if (c.failed()) return;
  const int32_t rank = c.rank(x);
  if (rank < 2) return c.error("an input of rank " + std::to_string(rank));
  const int32_t axis = transform_axis(c, rank);
  if (axis < 0) return;
  auto f = transform_of(c, x, axis);
  if (!f) return;
  const std::vector<int32_t> order = order_with_last(rank, {axis, rank - 1});
  x = reordered(c, x, order);
  const auto inputs = static_cast<int32_t>(f->inputs * (f->is_complex ? 2 : 1));
  const auto bins = static_cast<int32_t>(f->bins);
  std::vector<int32_t> dims;
  for (int i = 0; i < rank - 2; ++i)
    dims.push_back(c.shape(x).dims[i].is_static() ? c.shape(x).dims[i].max : 0);
  std::vector<int32_t> lines = dims, result = dims;
  lines.push_back(inputs);
  result.insert(result.end(), {bins, 2});
  ir::ValueId matrix = c.build().constant(c.where() + "/matrix", Type::float32, {2 * bins, inputs},
                                          fourier_matrix(*f));
  FullyConnectedAttrs a{};
  ir::ValueId y = c.build().node(op_code::fully_connected, a, {reshaped(c, x, lines), matrix});
  y = reordered(c, reshaped(c, y, result), inverse_order(order));
  if (!c.failed()) define_like(c, 0, y, c.input(0));
}

// A convolution whose filters are the parts of the transform.
void import_stft(NodeImport& c) {
  ir::ValueId x = float_input(c, 0);
  auto step = c.constant_int(1);
  std::vector<double> window;
  int64_t length = 0;
  if (c.failed() || !step || !read_frames(c, &window, &length)) return;
  const ShapeBounds shape = c.shape(x);
  const int32_t rank = shape.rank, parts = rank == 3 ? shape.dims[2].max : 1;
  if (rank < 2 || rank > 3 || parts > 2 || *step < 1 || *step > 65535)
    return c.error("a signal of shape " + ir::shape_text(shape) + " in steps of " +
                   std::to_string(*step));
  Fourier f{length, length, length, parts == 2, false};
  if (c.attr_int("onesided", 1) != 0) f.bins = length / 2 + 1;
  if (!check_fourier(c, f)) return;
  if (rank == 2) x = c.insert_ones(x, {2});
  x = c.insert_ones(x, {1});
  const auto bins = static_cast<int32_t>(f.bins);
  ir::ValueId filters = c.build().constant(c.where() + "/filters", Type::float32,
                                           {2 * bins, 1, static_cast<int32_t>(length), parts},
                                           fourier_matrix(f, window));
  Conv2dAttrs a{};
  a.stride_h = a.dilation_h = a.dilation_w = a.groups = 1;
  a.stride_w = static_cast<int32_t>(*step);
  ir::ValueId y = c.build().node(op_code::conv2d, a, {x, filters});
  if (c.failed()) return;
  // [b, 1, frames, 2 * bins]
  if (!c.shape(y).dims[0].is_static() && !c.shape(y).dims[2].is_static())
    return c.error("both the batch and the length of the signal are dynamic", "make one static");
  y = reshaped(c, y, {size_of(c.shape(y).dims[0]), size_of(c.shape(y).dims[2]), bins, 2});
  if (!c.failed()) define_like(c, 0, y, c.input(0));
}

void import_hann_window(NodeImport& c) { import_window(c, {0.5, -0.5, 0}); }
void import_hamming_window(NodeImport& c) { import_window(c, {25.0 / 46, -21.0 / 46, 0}); }
void import_blackman_window(NodeImport& c) { import_window(c, {0.42, -0.5, 0.08}); }

// [length / 2 + 1, bins]: triangles between neighbours of equal distance in mel.
void import_mel_weight_matrix(NodeImport& c) {
  auto bins = c.constant_int(0), length = c.constant_int(1), rate = c.constant_int(2);
  auto low = c.constant_reals(3), high = c.constant_reals(4);
  std::optional<Type> type = c.type_of(c.attr_int("output_datatype", 1));
  if (!bins || !length || !rate || !low || !high || !type) return;
  if (low->size() != 1 || high->size() != 1 || *rate < 1 || *length < 1 || *length > kMaxMade ||
      *bins < 1 || *bins > kMaxMade || (*length / 2 + 1) * *bins > kMaxMade || !((*low)[0] >= 0) ||
      !((*high)[0] > (*low)[0]) || !((*high)[0] <= static_cast<double>(*rate)))
    return c.error("sizes or edges of the bins that do not fit each other");
  const int64_t rows = *length / 2 + 1;
  const double first = mel_of((*low)[0]);
  const double step = (mel_of((*high)[0]) - first) / static_cast<double>(*bins + 2);
  // ONNX's definition: edges are whole rows, in steps of a (bins + 2)th.
  auto edge = [&](int64_t i) {
    const double hertz = 700 * (std::pow(10, (static_cast<double>(i) * step + first) / 2595) - 1);
    return static_cast<int64_t>(
        std::floor(static_cast<double>(*length + 1) * hertz / static_cast<double>(*rate)));
  };
  std::vector<float> m(static_cast<size_t>(rows * *bins), 0);
  auto set = [&](int64_t row, int64_t bin, double weight) {
    if (row >= 0 && row < rows)
      m[static_cast<size_t>(row * *bins + bin)] = static_cast<float>(weight);
  };
  for (int64_t b = 0; b < *bins; ++b) {
    const int64_t begin = edge(b), center = edge(b + 1), end = edge(b + 2);
    const double up = static_cast<double>(center - begin), down = static_cast<double>(end - center);
    if (center == begin) set(center, b, 1);
    for (int64_t r = begin; center != begin && r <= center; ++r)
      set(r, b, static_cast<double>(r - begin) / up);
    for (int64_t r = center; down > 0 && r < end; ++r)
      set(r, b, static_cast<double>(end - r) / down);
  }
  ir::ValueId y = c.build().constant(c.where() + "/matrix", Type::float32,
                                     {static_cast<int32_t>(rows), static_cast<int32_t>(*bins)}, m);
  c.define(0, as_type(c, y, *type));
}

}  // namespace mote::onnx_import
