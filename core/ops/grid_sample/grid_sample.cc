// The image at given places (NUMERICS.md, 22.8).
#include <cmath>

#include "mote_generated.h"
#include "ops/grid_sample/attributes.h"
#include "ops/movement.h"
#include "ops/op_codes.h"
#include "ops/tiles.h"

namespace mote {
namespace {

enum Input { kImage, kGrid };

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::GridSample*>(table);
  auto& out = *static_cast<GridSampleAttrs*>(attrs);
  out.mode = in.mode();
  out.padding = in.padding();
  out.align_corners = in.align_corners() ? 1 : 0;
  return {};
}

// float32 counts without gaps up to here.
constexpr int64_t kMaxSize = 1 << 22;

Status check(const OpView& v) {
  const auto& a = v.attributes<GridSampleAttrs>();
  MOTE_TRY(check_attribute("mode", a.mode, kMoteSampleBilinear, kMoteSampleBicubic));
  MOTE_TRY(check_attribute("padding", a.padding, kMoteSampleZeros, kMoteSampleReflection));
  MOTE_TRY(check_attribute("align_corners", a.align_corners, 0, 1));
  MOTE_TRY(check_all_f32(v));
  MOTE_TRY(check_rank(v.in(kImage), 4));
  for (int i = 1; i <= 2; ++i)
    if (v.in(kImage).bounds.dims[i].max > kMaxSize)
      return error(Code::operand_shape, kMaxSize, v.in(kImage).bounds.dims[i].max);
  return check_rank(v.in(kGrid), 4);
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const ShapeBounds &x = in[kImage], &grid = in[kGrid];
  if (x.rank != 4 || grid.rank != 4)
    return error(Code::operand_rank, 4, x.rank != 4 ? x.rank : grid.rank);
  if (grid.dims[3].min != 2 || grid.dims[3].max != 2)
    return error(Code::operand_shape, 2, grid.dims[3].max);
  out[0] = grid;
  out[0].dims[3] = x.dims[3];
  return equal_dims(x.dims[0], grid.dims[0], &out[0].dims[0]);
}

// One axis: where a place lies, and what is found beyond the edges.
template <class T>
struct Axis {
  int64_t size;
  int32_t padding;
  bool corners;

  // (22.14)
  T place(T g) const {
    T n = static_cast<T>(size);
    return corners ? (g + T(1)) / T(2) * (n - T(1)) : ((g + T(1)) * n - T(1)) / T(2);
  }
  // (22.15). A NaN and what is too far to be counted become a place that is outside for zeros.
  T folded(T c) const {
    const T last = static_cast<T>(size) - T(1);
    if (padding == kMoteSampleBorder) return !(c > 0) ? T(0) : c < last ? c : last;
    if (padding == kMoteSampleReflection) {
      T low = corners ? T(0) : T(-0.5), high = corners ? last : last + T(0.5);
      T span = high - low;
      if (!(span > 0) || !(std::fabs(c) < T(0x1p60))) return 0;
      T from = std::fmod(std::fabs(c - low), T(2) * span);
      c = (from > span ? T(2) * span - from : from) + low;
      return c < 0 ? T(0) : c < last ? c : last;
    }
    return c > T(-8) && c < last + T(8) ? c : T(-8);
  }
  // The element at an index; -1: none, a zero.
  int64_t index(int64_t i) const {
    if (padding == kMoteSampleZeros) return i < 0 || i >= size ? -1 : i;
    if (padding == kMoteSampleBorder) return i < 0 ? 0 : i < size ? i : size - 1;
    return static_cast<int64_t>(folded(static_cast<T>(i)));
  }
};

// At most four neighbours of one place along an axis.
template <class T>
struct Taps {
  int64_t index[4];
  T weight[4];
  int32_t count;
};

// Keys' kernel with a = -0.75.
template <class T>
void cubic_weights(T t, T* w) {
  const T a = T(-0.75);
  auto near = [&](T x) { return ((a + T(2)) * x - (a + T(3))) * x * x + T(1); };
  auto far = [&](T x) { return ((a * x - T(5) * a) * x + T(8) * a) * x - T(4) * a; };
  w[0] = far(t + T(1));
  w[1] = near(t);
  w[2] = near(T(1) - t);
  w[3] = far(T(2) - t);
}

template <class T>
Taps<T> taps_of(const Axis<T>& axis, int32_t mode, T g) {
  Taps<T> taps{};
  T c = axis.place(g);
  // Places of a bicubic kernel are folded one by one.
  if (mode != kMoteSampleBicubic) c = axis.folded(c);
  if (mode == kMoteSampleBicubic && !(std::fabs(c) < T(0x1p30))) c = T(-8);
  if (mode == kMoteSampleNearest) {
    taps.count = 1;
    taps.weight[0] = 1;
    taps.index[0] = axis.index(static_cast<int64_t>(std::nearbyint(c)));
    return taps;
  }
  const T floor = std::floor(c), t = c - floor;
  taps.count = mode == kMoteSampleBicubic ? 4 : 2;
  taps.weight[0] = T(1) - t;
  taps.weight[1] = t;
  if (taps.count == 4) cubic_weights(t, taps.weight);
  for (int32_t k = 0; k < taps.count; ++k)
    taps.index[k] = axis.index(static_cast<int64_t>(floor) + k - (taps.count == 4 ? 1 : 0));
  return taps;
}

// (22.16)
template <class T>
void sample(const T* image, int64_t width, int64_t channels, const Taps<T>& rows,
            const Taps<T>& columns, T* y) {
  for (int64_t c = 0; c < channels; ++c) y[c] = 0;
  for (int32_t i = 0; i < rows.count; ++i)
    for (int32_t j = 0; j < columns.count; ++j) {
      if (rows.index[i] < 0 || columns.index[j] < 0) continue;
      const T w = rows.weight[i] * columns.weight[j];
      const T* x = image + (rows.index[i] * width + columns.index[j]) * channels;
      for (int64_t c = 0; c < channels; ++c) y[c] += w * x[c];
    }
}

Tiling tiling(const KernelCall& call) {
  const Tensor& y = call.out();
  int64_t places = y.elements() / y.dim(3);
  return {places, y.bytes() / places * 16};
}
uint32_t tiles(const KernelCall& call) { return tiling(call).count(); }

template <class T>
void grid_sample(const KernelCall& call, uint32_t tile, uint32_t) {
  const auto& a = call.attributes<GridSampleAttrs>();
  const Tensor &x = call.in(kImage), &y = call.out();
  const int64_t channels = x.dim(3), image = int64_t{x.dim(1)} * x.dim(2) * channels;
  const int64_t per_image = int64_t{y.dim(1)} * y.dim(2);
  const Axis<T> rows = {x.dim(1), a.padding, a.align_corners != 0};
  const Axis<T> columns = {x.dim(2), a.padding, a.align_corners != 0};
  Range r = tiling(call).range(tile);
  for (int64_t p = r.begin; p < r.end; ++p) {
    const T* g = call.in(kGrid).as<T>() + p * 2;
    sample<T>(x.as<T>() + p / per_image * image, x.dim(2), channels, taps_of(rows, a.mode, g[1]),
              taps_of(columns, a.mode, g[0]), y.as<T>() + p * channels);
  }
}

constexpr Kernel kKernels[] = {
#include "ops/grid_sample/kernels.inc"
};

}  // namespace

extern const Operator grid_sample_operator;
extern const Kernel grid_sample_f64;

const Operator grid_sample_operator = {
    .code = op_code::grid_sample,
    .name = "grid_sample",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::GridSample),
    .attributes_bytes = sizeof(GridSampleAttrs),
    .min_inputs = 2,
    .max_inputs = 2,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel grid_sample_f64 = {.name = "grid_sample_f64_reference",
                                .reference = true,
                                .accepts = is_f64,
                                .tiles = tiles,
                                .run = grid_sample<double>};

}  // namespace mote
