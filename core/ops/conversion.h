// What quantize, dequantize, requantize and cast share: one operand, its shape, no attributes.
#pragma once

#include "mote_generated.h"
#include "ops/check.h"
#include "ops/elementwise.h"
#include "ops/op_codes.h"

namespace mote::conversion {

inline Status read(const void*, void*) { return {}; }

inline Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  out[0] = in[0];
  return {};
}

// From `From` to `To`; kernels pick their loop by these.
template <Type From, Type To>
bool is(const OpView& v) {
  return v.in(0).type == From && v.out().type == To;
}

// y[i] = f(x[i]) for the tile's elements; y may be x.
template <class From, class To, class F>
void convert(const KernelCall& call, uint32_t tile, F f) {
  const From* x = call.in(0).as<From>();
  To* y = call.out().as<To>();
  Range r = elementwise_range(call, tile);
  MOTE_INDEPENDENT
  for (int64_t i = r.begin; i < r.end; ++i) y[i] = f(x[i]);
}

// The quantization of an element repeats: `channels` entries, each for `inner` elements in a row.
struct Channels {
  int64_t channels = 1, inner = INT64_MAX;

  uint32_t of(int64_t element) const { return static_cast<uint32_t>(element / inner % channels); }
  // The first element after `element` with another entry, at most `end`.
  int64_t run_end(int64_t element, int64_t end) const {
    int64_t left = inner - element % inner;
    return left < end - element ? element + left : end;
  }
};
inline Channels channels_of(const Tensor& t) {
  const Quantization& q = t.info->quantization;
  if (q.scale_count == 1) return {};
  Channels c{q.scale_count, 1};
  for (int i = q.axis + 1; i < t.shape.rank; ++i) c.inner *= t.shape.dims[i];
  return c;
}

constexpr Operator make_operator(uint16_t code, const char* name, Status (*check)(const OpView&),
                                 Span<const Kernel> kernels) {
  return {.code = code,
          .name = name,
          .attributes_kind = static_cast<uint8_t>(file::Attributes::NoAttributes),
          .in_place = 1,
          .read = read,
          .check = check,
          .shape = shape,
          .kernels = kernels};
}

}  // namespace mote::conversion
