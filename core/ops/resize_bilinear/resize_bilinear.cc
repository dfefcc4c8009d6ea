// Bilinear interpolation of height and width (NUMERICS.md, 9).
#include "mote_generated.h"
#include "ops/check.h"
#include "ops/elementwise.h"
#include "ops/op_codes.h"
#include "ops/resize_bilinear/attributes.h"
#include "ops/resize_bilinear/blend.h"
#include "ops/resize_bilinear/places.h"

namespace mote {
namespace {

using namespace resize;

Status check(const OpView& v) {
  MOTE_TRY(check_attributes(v.attributes<ResizeBilinearAttrs>()));
  MOTE_TRY(check_float_or_quantized(v));
  const TensorInfo& x = v.in(0);
  MOTE_TRY(check_image(x));
  return x.type == Type::int8 ? check_same_quantization(x, 0, v.out(), 1) : Status{};
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  return resized_shape(v.attributes<ResizeBilinearAttrs>(), in[0], &out[0]);
}

// (9.4)
template <class T>
struct BlendReal {
  using Element = T;
  void operator()(const Corners<T>& v, const Sample& y, const Sample& x, T* out,
                  int64_t channels) const {
    const T tx = x.t, ty = y.t;
    for (int64_t c = 0; c < channels; ++c) {
      T top = v.v00[c] + (v.v01[c] - v.v00[c]) * tx;
      T bottom = v.v10[c] + (v.v11[c] - v.v10[c]) * tx;
      out[c] = top + (bottom - top) * ty;
    }
  }
};

// (9.5)
void blend_s8(const Corners<int8_t>& v, int32_t fy, int32_t fx, int8_t* y, int64_t channels) {
  for (int64_t c = 0; c < channels; ++c) {
    int32_t top = 2048 * v.v00[c] + (v.v01[c] - v.v00[c]) * fx;
    int32_t bottom = 2048 * v.v10[c] + (v.v11[c] - v.v10[c]) * fx;
    y[c] = static_cast<int8_t>((2048 * top + (bottom - top) * fy + (1 << 21)) >> 22);
  }
}

template <BlendS8 Function>
struct BlendStored {
  using Element = int8_t;
  void operator()(const Corners<int8_t>& v, const Sample& y, const Sample& x, int8_t* out,
                  int64_t channels) const {
    Function(v, y.fraction(), x.fraction(), out, channels);
  }
};

template <class Blend>
void resize_row(const KernelCall& call, int64_t row) {
  using T = typename Blend::Element;
  const Shape &in = call.in(0).shape, &out = call.out().shape;
  const auto& a = call.attributes<ResizeBilinearAttrs>();
  const int64_t channels = in.dims[3], stride = in.dims[2] * channels;
  const Axis columns = make_axis(in.dims[2], out.dims[2], a.mode, a.scale_w);
  const Axis rows = make_axis(in.dims[1], out.dims[1], a.mode, a.scale_h);
  const Sample y = sample_of(rows, row % out.dims[1]);
  const T* image = call.in(0).as<T>() + row / out.dims[1] * in.dims[1] * stride;
  const T *top = image + y.i0 * stride, *bottom = image + y.i1 * stride;
  T* to = call.out().as<T>() + row * out.dims[2] * channels;
  for (int64_t i = 0; i < out.dims[2]; ++i, to += channels) {
    const Sample x = sample_of(columns, i);
    const int64_t left = x.i0 * channels, right = x.i1 * channels;
    Blend()({top + left, top + right, bottom + left, bottom + right}, y, x, to, channels);
  }
}

int64_t rows_of(const Shape& out) { return int64_t{out.dims[0]} * out.dims[1]; }
int64_t row_elements(const Shape& out) { return int64_t{out.dims[2]} * out.dims[3]; }

uint32_t tiles(const KernelCall& call) {
  const Shape& out = call.out().shape;
  return row_tiles(rows_of(out), row_elements(out));
}

template <class Blend>
void resize_bilinear(const KernelCall& call, uint32_t tile, uint32_t) {
  const Shape& out = call.out().shape;
  Range rows = row_range(rows_of(out), row_elements(out), tile);
  for (int64_t r = rows.begin; r < rows.end; ++r) resize_row<Blend>(call, r);
}

constexpr Kernel kKernels[] = {
#include "ops/resize_bilinear/kernels.inc"
};

}  // namespace

extern const Operator resize_bilinear_operator;
extern const Kernel resize_bilinear_f64;

const Operator resize_bilinear_operator = {
    .code = op_code::resize_bilinear,
    .name = "resize_bilinear",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::ResizeBilinear),
    .attributes_bytes = sizeof(ResizeBilinearAttrs),
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel resize_bilinear_f64 = {.name = "resize_bilinear_f64_reference",
                                    .reference = true,
                                    .accepts = is_f64,
                                    .tiles = tiles,
                                    .run = resize_bilinear<BlendReal<double>>};

}  // namespace mote
