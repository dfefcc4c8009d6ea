// Three-dimensional convolution with groups, dilation and a fused activation (NUMERICS.md, 22.2).
#include "base/conv_window.h"
#include "mote_generated.h"
#include "ops/activation_range.h"
#include "ops/check.h"
#include "ops/conv3d/attributes.h"
#include "ops/op_codes.h"
#include "ops/weighted.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::Conv3d*>(table);
  *static_cast<Conv3dAttrs*>(attrs) = {in.stride_d(),   in.stride_h(),
                                       in.stride_w(),   in.dilation_d(),
                                       in.dilation_h(), in.dilation_w(),
                                       in.pad_front(),  in.pad_top(),
                                       in.pad_left(),   in.pad_back(),
                                       in.pad_bottom(), in.pad_right(),
                                       in.groups(),     static_cast<int32_t>(in.activation())};
  return {};
}

// Depth, height, width.
struct Axes {
  int32_t stride[3], dilation[3], before[3], after[3];
};
Axes axes_of(const Conv3dAttrs& a) {
  return {{a.stride_d, a.stride_h, a.stride_w},
          {a.dilation_d, a.dilation_h, a.dilation_w},
          {a.pad_front, a.pad_top, a.pad_left},
          {a.pad_back, a.pad_bottom, a.pad_right}};
}

Status check_attributes(const Conv3dAttrs& a) {
  const Axes axes = axes_of(a);
  for (int i = 0; i < 3; ++i) {
    MOTE_TRY(check_attribute("stride", axes.stride[i], 1, 65535));
    MOTE_TRY(check_attribute("dilation", axes.dilation[i], 1, 65535));
    MOTE_TRY(check_attribute("pad", axes.before[i], 0, 65535));
    MOTE_TRY(check_attribute("pad", axes.after[i], 0, 65535));
  }
  return check_activation(a.activation);
}

Status check(const OpView& v) {
  const auto& a = v.attributes<Conv3dAttrs>();
  MOTE_TRY(check_attributes(a));
  MOTE_TRY(check_all_f32(v));
  MOTE_TRY(check_rank(v.in(0), 5));
  MOTE_TRY(check_weighted(v, 5, 0));
  MOTE_TRY(check_terms(v, 1, 4));
  MOTE_TRY(check_attribute("groups", a.groups, 1, weights_dim(v, 0)));
  if (weights_dim(v, 0) % a.groups != 0)
    return error(Code::shape_incompatible, weights_dim(v, 0), a.groups);
  return check_x_dim(v, 4, int64_t{weights_dim(v, 4)} * a.groups);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const Axes axes = axes_of(v.attributes<Conv3dAttrs>());
  if (in[0].rank != 5) return error(Code::operand_rank, 5, in[0].rank);
  out[0].rank = 5;
  out[0].dims[0] = in[0].dims[0];
  for (int i = 0; i < 3; ++i)
    MOTE_TRY(window_dim(in[0].dims[i + 1], axes.before[i] + axes.after[i], weights_dim(v, i + 1),
                        axes.stride[i], axes.dilation[i], &out[0].dims[i + 1]));
  out[0].dims[4] = {weights_dim(v, 0), weights_dim(v, 0)};
  return {};
}

// Products of one output place.
int64_t place_products(const OpView& v) { return element_count(v.in(kWeightsInput).bounds).max; }
int64_t work(const OpView& v) { return weighted_work(v, place_products(v) / weights_dim(v, 0)); }

int64_t places_of(const Shape& y) { return int64_t{y.dims[0]} * y.dims[1] * y.dims[2] * y.dims[3]; }
uint32_t tiles(const KernelCall& call) {
  return place_tiles(places_of(call.out().shape), place_products(*call.view));
}

// The first place of a window in the input and its taps there, by axis.
struct Window {
  int64_t first[3];
  TapRange taps[3];
};

// (22.3): all channels of one place.
template <class T>
void convolve_place(const KernelCall& call, const Axes& axes, const T* image, const Window& w,
                    T* y) {
  const Shape& x = call.in(0).shape;
  const T* weights = call.in(kWeightsInput).as<T>();
  const T* bias = operand_or_null<T>(call, kBiasInput);
  const auto& a = call.attributes<Conv3dAttrs>();
  const int32_t outputs = weights_dim(*call.view, 0), depth = weights_dim(*call.view, 4);
  const int64_t kh = weights_dim(*call.view, 2), kw = weights_dim(*call.view, 3);
  const int64_t taps = weights_dim(*call.view, 1) * kh * kw;
  const RealRange range = real_activation_range(a.activation);
  for (int32_t o = 0; o < outputs; ++o) {
    T sum = 0;
    const int64_t group = int64_t{o / (outputs / a.groups)} * depth;
    for (int64_t k = w.taps[0].begin; k < w.taps[0].end; ++k)
      for (int64_t i = w.taps[1].begin; i < w.taps[1].end; ++i)
        for (int64_t j = w.taps[2].begin; j < w.taps[2].end; ++j) {
          int64_t plane = w.first[0] + k * axes.dilation[0];
          int64_t row = w.first[1] + i * axes.dilation[1];
          int64_t column = w.first[2] + j * axes.dilation[2];
          const T* from =
              image + ((plane * x.dims[2] + row) * x.dims[3] + column) * x.dims[4] + group;
          const T* tap = weights + (o * taps + (k * kh + i) * kw + j) * depth;
          for (int32_t c = 0; c < depth; ++c) sum += from[c] * tap[c];
        }
    y[o] = clamp_real(bias == nullptr ? sum : sum + bias[o], range);
  }
}

template <class T>
void conv3d(const KernelCall& call, uint32_t tile, uint32_t) {
  const Shape &x = call.in(0).shape, &y = call.out().shape;
  const Axes axes = axes_of(call.attributes<Conv3dAttrs>());
  const int64_t image = int64_t{x.dims[1]} * x.dims[2] * x.dims[3] * x.dims[4];
  PlaceRange places = place_range(places_of(y), place_products(*call.view), tile);
  for (int64_t p = places.begin; p < places.end; ++p) {
    Window w;
    int64_t rest = p;
    for (int i = 2; i >= 0; rest /= y.dims[i + 1], --i) {
      w.first[i] = rest % y.dims[i + 1] * axes.stride[i] - axes.before[i];
      w.taps[i] =
          valid_taps(w.first[i], x.dims[i + 1], weights_dim(*call.view, i + 1), axes.dilation[i]);
    }
    convolve_place<T>(call, axes, call.in(0).as<T>() + rest * image, w,
                      call.out().as<T>() + p * y.dims[4]);
  }
}

constexpr Kernel kKernels[] = {
#include "ops/conv3d/kernels.inc"
};

}  // namespace

extern const Operator conv3d_operator;
extern const Kernel conv3d_f64;

const Operator conv3d_operator = {
    .code = op_code::conv3d,
    .name = "conv3d",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Conv3d),
    .attributes_bytes = sizeof(Conv3dAttrs),
    .min_inputs = 2,
    .max_inputs = 3,
    .read = read,
    .check = check,
    .shape = shape,
    .work = work,
    .kernels = kKernels,
};

const Kernel conv3d_f64 = {.name = "conv3d_f64_reference",
                           .reference = true,
                           .accepts = is_f64,
                           .tiles = tiles,
                           .run = conv3d<double>};

}  // namespace mote
