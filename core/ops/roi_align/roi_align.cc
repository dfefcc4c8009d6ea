// Regions of images, resampled to one size (NUMERICS.md, 22.9).
#include <cmath>

#include "base/interval.h"
#include "mote_generated.h"
#include "ops/indices.h"
#include "ops/movement.h"
#include "ops/op_codes.h"
#include "ops/roi_align/attributes.h"
#include "ops/tiles.h"

namespace mote {
namespace {

enum Input { kImage, kBoxes, kBatch };

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::RoiAlign*>(table);
  auto& out = *static_cast<RoiAlignAttrs*>(attrs);
  out.out_h = in.out_h();
  out.out_w = in.out_w();
  out.mode = in.mode();
  out.sampling_ratio = in.sampling_ratio();
  out.half_pixel = in.half_pixel() ? 1 : 0;
  out.spatial_scale = in.spatial_scale();
  return {};
}

// float32 counts without gaps up to here.
constexpr int64_t kMaxSize = 1 << 22;
constexpr int64_t kMaxBins = 65535;
constexpr int64_t kMaxRatio = 64;

Status check(const OpView& v) {
  const auto& a = v.attributes<RoiAlignAttrs>();
  MOTE_TRY(check_attribute("out_h", a.out_h, 1, kMaxBins));
  MOTE_TRY(check_attribute("out_w", a.out_w, 1, kMaxBins));
  MOTE_TRY(check_attribute("mode", a.mode, kMoteRoiAverage, kMoteRoiMax));
  MOTE_TRY(check_attribute("sampling_ratio", a.sampling_ratio, 0, kMaxRatio));
  MOTE_TRY(check_attribute("half_pixel", a.half_pixel, 0, 1));
  if (!(a.spatial_scale > 0 && a.spatial_scale <= 0x1p20F))
    return error(Code::attribute_range, 0, 1 << 20, "spatial_scale");
  for (size_t i : {kImage, kBoxes})
    if (v.in(i).type != Type::float32) return error(Code::operand_type, 0, static_cast<int64_t>(i));
  MOTE_TRY(check_index_operand(v, kBatch));
  MOTE_TRY(check_rank(v.in(kImage), 4));
  for (int i = 1; i <= 2; ++i)
    if (v.in(kImage).bounds.dims[i].max > kMaxSize)
      return error(Code::operand_shape, kMaxSize, v.in(kImage).bounds.dims[i].max);
  MOTE_TRY(check_rank(v.in(kBoxes), 2));
  MOTE_TRY(check_rank(v.in(kBatch), 1));
  return check_output_type(v, Type::float32);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const auto& a = v.attributes<RoiAlignAttrs>();
  const ShapeBounds &x = in[kImage], &boxes = in[kBoxes], &batch = in[kBatch];
  if (x.rank != 4) return error(Code::operand_rank, 4, x.rank);
  if (boxes.rank != 2) return error(Code::operand_rank, 2, boxes.rank);
  if (batch.rank != 1) return error(Code::operand_rank, 1, batch.rank);
  if (boxes.dims[1].min != 4 || boxes.dims[1].max != 4)
    return error(Code::operand_shape, 4, boxes.dims[1].max);
  out[0].rank = 4;
  out[0].dims[1] = {a.out_h, a.out_h};
  out[0].dims[2] = {a.out_w, a.out_w};
  out[0].dims[3] = x.dims[3];
  return equal_dims(boxes.dims[0], batch.dims[0], &out[0].dims[0]);
}

// The most places per bin: those of a box twice as long as the image. It bounds the time that
// boxes from outside can take.
int64_t most_places(const RoiAlignAttrs& a, int64_t size, int64_t bins) {
  return a.sampling_ratio > 0 ? a.sampling_ratio : (2 * size + bins - 1) / bins;
}

int64_t work(const OpView& v) {
  const auto& a = v.attributes<RoiAlignAttrs>();
  const ShapeBounds& x = v.in(kImage).bounds;
  int64_t n = element_count(v.out().bounds).max;
  bool fits = checked_mul(n, 4 * most_places(a, x.dims[1].max, a.out_h), &n);
  fits = fits && checked_mul(n, most_places(a, x.dims[2].max, a.out_w), &n);
  return fits ? n : INT64_MAX;
}

Status check_data(const KernelCall& call) {
  const Indices batch(call.in(kBatch));
  for (int64_t i = 0; i < batch.count(); ++i)
    MOTE_TRY(check_index(batch[i], call.in(kImage).dim(0)));
  return {};
}

// Two neighbours of a place; both weights are 0 where it lies outside.
template <class T>
struct Taps {
  int64_t low, high;
  T low_weight, high_weight;
};

// A box along one axis.
template <class T>
struct Side {
  int64_t size;
  T start, bin;
  int64_t places;  // per bin

  // (22.17)
  Side(const RoiAlignAttrs& a, T begin, T end, int64_t of, int64_t bins) : size(of) {
    const T offset = a.half_pixel != 0 ? T(0.5) : T(0), scale = static_cast<T>(a.spatial_scale);
    start = begin * scale - offset;
    T length = end * scale - offset - start;
    if (a.half_pixel == 0 && !(length > T(1))) length = T(1);
    bin = length / static_cast<T>(bins);
    const int64_t most = most_places(a, size, bins);
    const T wanted = std::ceil(bin);
    places = a.sampling_ratio > 0            ? a.sampling_ratio
             : !(wanted > T(0))              ? 0
             : wanted < static_cast<T>(most) ? static_cast<int64_t>(wanted)
                                             : most;
  }
  // (22.18)
  Taps<T> taps(int64_t b, int64_t place) const {
    T at = start + static_cast<T>(b) * bin +
           (static_cast<T>(place) + T(0.5)) * bin / static_cast<T>(places);
    if (!(at >= T(-1) && at <= static_cast<T>(size))) return {0, 0, 0, 0};
    at = at > T(0) ? at : T(0);
    const auto low = static_cast<int64_t>(at);
    if (low >= size - 1) return {size - 1, size - 1, 1, 0};
    const T t = at - static_cast<T>(low);
    return {low, low + 1, T(1) - t, t};
  }
};

// (22.19) for one place of a bin.
template <class T>
void accumulate(int32_t mode, bool first, const T* image, int64_t width, int64_t channels,
                const Taps<T>& row, const Taps<T>& column, T* y) {
  const T w00 = row.low_weight * column.low_weight, w01 = row.low_weight * column.high_weight;
  const T w10 = row.high_weight * column.low_weight, w11 = row.high_weight * column.high_weight;
  const T* x00 = image + (row.low * width + column.low) * channels;
  const T* x01 = image + (row.low * width + column.high) * channels;
  const T* x10 = image + (row.high * width + column.low) * channels;
  const T* x11 = image + (row.high * width + column.high) * channels;
  if (mode == kMoteRoiAverage) {
    for (int64_t c = 0; c < channels; ++c)
      y[c] += ((w00 * x00[c] + w01 * x01[c]) + w10 * x10[c]) + w11 * x11[c];
    return;
  }
  auto larger = [](T a, T b) { return a > b ? a : b; };
  for (int64_t c = 0; c < channels; ++c) {
    T z = larger(larger(w00 * x00[c], w01 * x01[c]), larger(w10 * x10[c], w11 * x11[c]));
    y[c] = first ? z : larger(y[c], z);
  }
}

template <class T>
void resample(const RoiAlignAttrs& a, const Tensor& x, int64_t image, const Side<T>& rows,
              const Side<T>& columns, int64_t bin_row, int64_t bin_column, T* y) {
  const int64_t width = x.dim(2), channels = x.dim(3);
  const T* base = x.as<T>() + image * x.dim(1) * width * channels;
  for (int64_t c = 0; c < channels; ++c) y[c] = 0;
  for (int64_t i = 0; i < rows.places; ++i) {
    const Taps<T> row = rows.taps(bin_row, i);
    for (int64_t j = 0; j < columns.places; ++j)
      accumulate(a.mode, i == 0 && j == 0, base, width, channels, row, columns.taps(bin_column, j),
                 y);
  }
  const int64_t count = rows.places * columns.places;
  if (a.mode == kMoteRoiMax || count < 2) return;
  for (int64_t c = 0; c < channels; ++c) y[c] /= static_cast<T>(count);
}

Tiling tiling(const KernelCall& call) {
  const Tensor& y = call.out();
  const int64_t bins = y.elements() / y.dim(3);
  // Bins have at least four neighbours, mostly of four places.
  return {bins, y.bytes() / bins * 16};
}
uint32_t tiles(const KernelCall& call) { return tiling(call).count(); }

template <class T>
void roi_align(const KernelCall& call, uint32_t tile, uint32_t) {
  const auto& a = call.attributes<RoiAlignAttrs>();
  const Tensor &x = call.in(kImage), &y = call.out();
  const Indices batch(call.in(kBatch));
  const int64_t per_box = int64_t{a.out_h} * a.out_w;
  Range r = tiling(call).range(tile);
  for (int64_t p = r.begin; p < r.end; ++p) {
    const int64_t box = p / per_box, bin = p % per_box;
    const T* corners = call.in(kBoxes).as<T>() + box * 4;
    const Side<T> rows(a, corners[1], corners[3], x.dim(1), a.out_h);
    const Side<T> columns(a, corners[0], corners[2], x.dim(2), a.out_w);
    resample(a, x, batch[box], rows, columns, bin / a.out_w, bin % a.out_w,
             y.as<T>() + p * y.dim(3));
  }
}

constexpr Kernel kKernels[] = {
#include "ops/roi_align/kernels.inc"
};

}  // namespace

extern const Operator roi_align_operator;
extern const Kernel roi_align_f64;

const Operator roi_align_operator = {
    .code = op_code::roi_align,
    .name = "roi_align",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::RoiAlign),
    .attributes_bytes = sizeof(RoiAlignAttrs),
    .min_inputs = 3,
    .max_inputs = 3,
    .flags = kFallible,
    .read = read,
    .check = check,
    .shape = shape,
    .work = work,
    .kernels = kKernels,
};

const Kernel roi_align_f64 = {.name = "roi_align_f64_reference",
                              .reference = true,
                              .accepts = is_f64,
                              .check_data = check_data,
                              .tiles = tiles,
                              .run = roi_align<double>};

}  // namespace mote
