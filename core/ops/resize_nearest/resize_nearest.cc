// The nearest element in height and width (NUMERICS.md, 22.1).
#include <cstring>

#include "ops/movement.h"
#include "ops/op_codes.h"
#include "ops/resize_bilinear/places.h"
#include "ops/resize_nearest/attributes.h"
#include "ops/resize_nearest/nearest.h"
#include "ops/tiles.h"

namespace mote {
namespace {

using namespace resize;

Status read_nearest(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::ResizeNearest*>(table);
  auto& out = *static_cast<ResizeNearestAttrs*>(attrs);
  out.out_h = in.out_h();
  out.out_w = in.out_w();
  out.mode = in.mode();
  out.rounding = in.rounding();
  out.scale_h = in.scale_h();
  out.scale_w = in.scale_w();
  return {};
}

Status check(const OpView& v) {
  const auto& a = v.attributes<ResizeNearestAttrs>();
  MOTE_TRY(check_attributes(a));
  MOTE_TRY(check_attribute("rounding", a.rounding, kMoteNearestFloor, kMoteNearestPreferCeil));
  MOTE_TRY(check_movement(v));
  return check_image(v.in(0));
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  return resized_shape(v.attributes<ResizeNearestAttrs>(), in[0], &out[0]);
}

// Rows of the output.
Tiling tiling(const KernelCall& call) {
  const Tensor& y = call.out();
  int64_t rows = int64_t{y.dim(0)} * y.dim(1);
  return {rows, y.bytes() / rows};
}
uint32_t tiles(const KernelCall& call) { return tiling(call).count(); }

void copy_row(const KernelCall& call, const Axis& columns, const uint8_t* from, uint8_t* to) {
  const int32_t rounding = call.attributes<ResizeNearestAttrs>().rounding;
  const int64_t item = call.in(0).dim(3) * element_bytes(call.in(0));
  for (int64_t i = 0; i < call.out().dim(2); ++i)
    memcpy(to + i * item, from + nearest_index(columns, rounding, i) * item,
           static_cast<size_t>(item));
}

void resize_nearest(const KernelCall& call, uint32_t tile, uint32_t) {
  const auto& a = call.attributes<ResizeNearestAttrs>();
  const Tensor &x = call.in(0), &y = call.out();
  const Axis rows = make_axis(x.dim(1), y.dim(1), a.mode, a.scale_h);
  const Axis columns = make_axis(x.dim(2), y.dim(2), a.mode, a.scale_w);
  const int64_t item = x.dim(3) * element_bytes(x), height = y.dim(1);
  Range r = tiling(call).range(tile);
  for (int64_t row = r.begin; row < r.end; ++row) {
    int64_t from = row / height * x.dim(1) + nearest_index(rows, a.rounding, row % height);
    copy_row(call, columns, x.as<uint8_t>() + from * x.dim(2) * item,
             y.as<uint8_t>() + row * y.dim(2) * item);
  }
}

constexpr Kernel kKernels[] = {
#include "ops/resize_nearest/kernels.inc"
};

}  // namespace

extern const Operator resize_nearest_operator;
extern const Kernel resize_nearest_f64;

const Operator resize_nearest_operator = {
    .code = op_code::resize_nearest,
    .name = "resize_nearest",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::ResizeNearest),
    .attributes_bytes = sizeof(ResizeNearestAttrs),
    .read = read_nearest,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel resize_nearest_f64 = {.name = "resize_nearest_f64_reference",
                                   .reference = true,
                                   .accepts = any_type,
                                   .tiles = tiles,
                                   .run = resize_nearest};

}  // namespace mote
