// The transpose of bilinear interpolation (NUMERICS.md, 17.2): each dy goes to its four neighbours.
#include <cstring>

#include "ops/movement.h"
#include "ops/op_codes.h"
#include "ops/resize_bilinear/places.h"
#include "train/ops/bands.h"

namespace mote {
namespace {

using namespace resize;

enum Input { kDy, kX };

Status check(const OpView& v) {
  const auto& a = v.attributes<ResizeBilinearAttrs>();
  MOTE_TRY(check_attributes(a));
  MOTE_TRY(check_attribute("out_h", a.out_h, 1, kMaxSize));
  MOTE_TRY(check_attribute("out_w", a.out_w, 1, kMaxSize));
  MOTE_TRY(check_all_f32(v));
  MOTE_TRY(check_rank(v.in(kDy), 4));
  return check_image(v.in(kX));
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const auto& a = v.attributes<ResizeBilinearAttrs>();
  const ShapeBounds &dy = in[kDy], &x = in[kX];
  if (dy.rank != 4 || x.rank != 4)
    return error(Code::operand_rank, 4, dy.rank != 4 ? dy.rank : x.rank);
  const Dim sizes[4] = {x.dims[0], {a.out_h, a.out_h}, {a.out_w, a.out_w}, x.dims[3]};
  Dim common;
  for (int i = 0; i < 4; ++i) MOTE_TRY(equal_dims(sizes[i], dy.dims[i], &common));
  out[0] = x;
  return {};
}

Tiling tiling(const KernelCall& call) {
  const Tensor& dx = call.out();
  int64_t rows = int64_t{dx.dim(0)} * dx.dim(1);
  return {rows, dx.bytes() / rows, kBandBytes};
}
uint32_t tiles(const KernelCall& call) { return tiling(call).count(); }

// The first output row that reads input row `row` or a later one: rows are in ascending order.
int64_t first_reader(const Axis& axis, int64_t outputs, int64_t row) {
  int64_t low = 0, high = outputs;
  while (low < high) {
    int64_t middle = (low + high) / 2;
    if (sample_of(axis, middle).i1 < row) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

// (17.2): one row of dy on the row of dx above (or below) it.
template <class T>
void spread_row(const KernelCall& call, const Axis& columns, const T* dy, T share, bool below,
                T* dx) {
  const int64_t channels = call.out().dim(3);
  for (int64_t i = 0; i < call.in(kDy).dim(2); ++i, dy += channels) {
    const Sample x = sample_of(columns, i);
    const T t = static_cast<T>(x.t);
    T *left = dx + x.i0 * channels, *right = dx + x.i1 * channels;
    for (int64_t c = 0; c < channels; ++c) {
      T bottom = dy[c] * share;
      T g = below ? bottom : dy[c] - bottom;
      T h = g * t;
      left[c] += g - h;
      right[c] += h;
    }
  }
}

template <class T>
void spread_band(const KernelCall& call, int64_t image, Range band) {
  const Tensor &dy = call.in(kDy), &dx = call.out();
  const auto& a = call.attributes<ResizeBilinearAttrs>();
  const int64_t from_row = int64_t{dy.dim(2)} * dy.dim(3), to_row = int64_t{dx.dim(2)} * dx.dim(3);
  const Axis rows = make_axis(dx.dim(1), dy.dim(1), a.mode, a.scale_h);
  const Axis columns = make_axis(dx.dim(2), dy.dim(2), a.mode, a.scale_w);
  T* to = dx.as<T>() + image * dx.dim(1) * to_row;
  memset(to + band.begin * to_row, 0,
         static_cast<size_t>((band.end - band.begin) * to_row) * sizeof(T));
  for (int64_t i = first_reader(rows, dy.dim(1), band.begin); i < dy.dim(1); ++i) {
    const Sample y = sample_of(rows, i);
    if (y.i0 >= band.end) return;
    const T* from = dy.as<T>() + (image * dy.dim(1) + i) * from_row;
    const T share = static_cast<T>(y.t);
    if (y.i0 >= band.begin) spread_row(call, columns, from, share, false, to + y.i0 * to_row);
    if (y.i1 < band.end) spread_row(call, columns, from, share, true, to + y.i1 * to_row);
  }
}

template <class T>
void real_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  for_each_segment(tiling(call).range(tile), call.out().dim(1),
                   [&](int64_t image, Range band) { spread_band<T>(call, image, band); });
}

constexpr Kernel kKernels[] = {
#include "train/ops/resize_bilinear_grad/kernels.inc"
};

}  // namespace

extern const Operator resize_bilinear_grad_operator;
extern const Kernel resize_bilinear_grad_f64;

const Operator resize_bilinear_grad_operator = {
    .code = op_code::resize_bilinear_grad,
    .name = "resize_bilinear_grad",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::ResizeBilinear),
    .attributes_bytes = sizeof(ResizeBilinearAttrs),
    .min_inputs = 2,
    .max_inputs = 2,
    .shape_inputs = 2,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel resize_bilinear_grad_f64 = {.name = "resize_bilinear_grad_f64_reference",
                                         .reference = true,
                                         .accepts = is_f64,
                                         .tiles = tiles,
                                         .run = real_reference<double>};

}  // namespace mote
