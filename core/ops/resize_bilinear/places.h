// Attributes of resize_bilinear and where its outputs lie in the input: shared with its gradient.
#pragma once

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
  return {};
}

inline Status check_attributes(const ResizeBilinearAttrs& a) {
  MOTE_TRY(check_attribute("out_h", a.out_h, 1, kMaxSize));
  MOTE_TRY(check_attribute("out_w", a.out_w, 1, kMaxSize));
  return check_attribute("mode", a.mode, kMoteAsymmetric, kMoteAlignCorners);
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
inline Axis make_axis(int32_t n, int32_t m, int32_t mode) {
  bool corners = mode == kMoteAlignCorners && m > 1;
  auto f32 = [](int32_t v) { return static_cast<float>(v); };
  float ratio = corners ? f32(n - 1) / f32(m - 1) : f32(n) / f32(m);
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
