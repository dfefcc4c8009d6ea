// Attributes of resize_bilinear and where its outputs lie in the input: shared with its gradient.
#pragma once

#include "base/interval.h"
#include "base/requantize.h"
#include "mote_generated.h"
#include "ops/check.h"
#include "ops/resize_bilinear/attributes.h"

namespace mote::resize {

// float32 counts without gaps up to here.
inline constexpr int64_t kMaxSize = 1 << 24;

inline Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::ResizeBilinear*>(table);
  auto& out = *static_cast<ResizeBilinearAttrs*>(attrs);
  out.out_h = in.out_h();
  out.out_w = in.out_w();
  out.mode = static_cast<int32_t>(in.mode());
  out.scale_h = in.scale_h();
  out.scale_w = in.scale_w();
  return {};
}

// Scales are 0 or in [2^-24, 2^24]; without a size there must be one.
inline Status check_scale(const char* name, float scale, int32_t size) {
  if (scale == 0 && size != 0) return {};
  if (!(scale >= 0x1p-24f)) return error(Code::attribute_range, 1, 0, name);
  return scale <= 0x1p24f ? Status{} : error(Code::attribute_range, kMaxSize, INT32_MAX, name);
}

// Of resize_bilinear and resize_nearest.
template <class A>
Status check_attributes(const A& a) {
  MOTE_TRY(check_attribute("out_h", a.out_h, 0, kMaxSize));
  MOTE_TRY(check_attribute("out_w", a.out_w, 0, kMaxSize));
  MOTE_TRY(check_scale("scale_h", a.scale_h, a.out_h));
  MOTE_TRY(check_scale("scale_w", a.scale_w, a.out_w));
  return check_attribute("mode", a.mode, kMoteAsymmetric, kMoteAlignCorners);
}

// (9.6)
inline Status resized_dim(Dim in, int32_t size, float scale, Dim* out) {
  auto scaled = [&](int32_t n) {
    float product = static_cast<float>(n) * scale;  // at most 2^48
    return static_cast<int64_t>(product);
  };
  if (size != 0) return make_dim(size, size, out);
  MOTE_TRY(make_dim(scaled(in.min), scaled(in.max), out));
  return out->max <= kMaxSize ? Status{} : error(Code::shape_too_large, kMaxSize, out->max);
}

template <class A>
Status resized_shape(const A& a, const ShapeBounds& x, ShapeBounds* out) {
  if (x.rank != 4) return error(Code::operand_rank, 4, x.rank);
  *out = x;
  MOTE_TRY(resized_dim(x.dims[1], a.out_h, a.scale_h, &out->dims[1]));
  return resized_dim(x.dims[2], a.out_w, a.scale_w, &out->dims[2]);
}

inline Status check_image(const TensorInfo& x) {
  MOTE_TRY(check_rank(x, 4));
  for (int i = 1; i <= 2; ++i)
    if (x.bounds.dims[i].max > kMaxSize)
      return error(Code::operand_shape, kMaxSize, x.bounds.dims[i].max);
  return {};
}

// (9.1) to (9.3) for one axis.
struct Axis {
  float ratio, last;  // q; n - 1
  bool half_pixel;
};
inline Axis make_axis(int32_t n, int32_t m, int32_t mode, float scale) {
  bool corners = mode == kMoteAlignCorners && m > 1;
  auto f32 = [](int32_t v) { return static_cast<float>(v); };
  float ratio = corners ? f32(n - 1) / f32(m - 1) : scale != 0 ? 1.0f / scale : f32(n) / f32(m);
  return {ratio, f32(n - 1), mode == kMoteHalfPixel};
}

struct Sample {
  int64_t i0, i1;
  float t;
  int32_t fraction() const { return round_half_even(t * 2048.0f); }
};
inline Sample sample_of(const Axis& axis, int64_t i) {
  auto c = static_cast<float>(i);
  c = axis.half_pixel ? (c + 0.5f) * axis.ratio - 0.5f : c * axis.ratio;
  if (c < 0) c = 0;
  if (c > axis.last) c = axis.last;
  auto i0 = static_cast<int32_t>(c);
  auto last = static_cast<int32_t>(axis.last);
  return {i0, i0 < last ? i0 + 1 : last, c - static_cast<float>(i0)};
}

}  // namespace mote::resize
