// y = x / (bias + alpha * sum of squares of neighbouring channels)^beta (NUMERICS.md, 21.6).
#include <cmath>

#include "mote_generated.h"
#include "ops/check.h"
#include "ops/local_response_norm/attributes.h"
#include "ops/movement.h"
#include "ops/op_codes.h"
#include "ops/tiles.h"

namespace mote {
namespace {

using Attrs = LocalResponseNormAttrs;

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::LocalResponseNorm*>(table);
  auto& out = *static_cast<Attrs*>(attrs);
  out.before = in.before();
  out.after = in.after();
  out.alpha = in.alpha();
  out.beta = in.beta();
  out.bias = in.bias();
  return {};
}

Status check_finite(const char* name, float value) {
  bool finite = value > -__builtin_huge_valf() && value < __builtin_huge_valf();
  return finite ? Status{} : error(Code::attribute_range, 0, value < 0 ? -1 : 1, name);
}

Status check(const OpView& v) {
  const auto& a = v.attributes<Attrs>();
  MOTE_TRY(check_attribute("before", a.before, 0, 65535));
  MOTE_TRY(check_attribute("after", a.after, 0, 65535));
  MOTE_TRY(check_finite("alpha", a.alpha));
  MOTE_TRY(check_finite("beta", a.beta));
  MOTE_TRY(check_finite("bias", a.bias));
  if (v.in(0).bounds.rank < 1) return error(Code::operand_rank, 1, 0);
  return check_all_f32(v);
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  out[0] = in[0];
  return {};
}

int64_t channels_of(const KernelCall& call) {
  const Shape& s = call.out().shape;
  return s.dims[s.rank - 1];
}
Tiling tiling(const KernelCall& call) {
  const auto& a = call.attributes<Attrs>();
  int64_t c = channels_of(call), window = int64_t{a.before} + a.after + 1;
  return {call.out().elements() / c, c * element_bytes(call.out()) * (window < c ? window : c)};
}
uint32_t tiles(const KernelCall& call) { return tiling(call).count(); }

// (21.8)
template <class T>
void normalize_row(const Attrs& a, const T* x, int64_t channels, T* y) {
  const T alpha = a.alpha, beta = a.beta, bias = a.bias;
  for (int64_t c = 0; c < channels; ++c) {
    const int64_t begin = c < a.before ? 0 : c - a.before;
    const int64_t end = channels - c <= a.after ? channels : c + a.after + 1;
    T sum = 0;
    for (int64_t i = begin; i < end; ++i) sum += x[i] * x[i];
    y[c] = x[c] / std::pow(bias + alpha * sum, beta);
  }
}

template <class T>
void reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const int64_t channels = channels_of(call);
  Range rows = tiling(call).range(tile);
  for (int64_t r = rows.begin * channels; r < rows.end * channels; r += channels)
    normalize_row(call.attributes<Attrs>(), call.in(0).as<T>() + r, channels,
                  call.out().as<T>() + r);
}

constexpr Kernel kKernels[] = {
#include "ops/local_response_norm/kernels.inc"
};

}  // namespace

extern const Operator local_response_norm_operator;
extern const Kernel local_response_norm_f64;

const Operator local_response_norm_operator = {
    .code = op_code::local_response_norm,
    .name = "local_response_norm",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::LocalResponseNorm),
    .attributes_bytes = sizeof(LocalResponseNormAttrs),
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel local_response_norm_f64 = {.name = "local_response_norm_f64_reference",
                                        .reference = true,
                                        .accepts = is_f64,
                                        .tiles = tiles,
                                        .run = reference<double>};

}  // namespace mote
