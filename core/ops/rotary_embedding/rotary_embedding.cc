// Pairs of elements turned by the angle of their place (NUMERICS.md, 21.8). y may be x: a pair is
// read before it is written.
#include "mote_generated.h"
#include "ops/check.h"
#include "ops/movement.h"
#include "ops/op_codes.h"
#include "ops/rotary_embedding/attributes.h"
#include "ops/tiles.h"

namespace mote {
namespace {

enum Input { kX, kCos, kSin };

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::RotaryEmbedding*>(table);
  static_cast<RotaryEmbeddingAttrs*>(attrs)->interleaved = in.interleaved() ? 1 : 0;
  return {};
}

Status check(const OpView& v) {
  MOTE_TRY(check_attribute("interleaved", v.attributes<RotaryEmbeddingAttrs>().interleaved, 0, 1));
  MOTE_TRY(check_all_f32(v));
  MOTE_TRY(check_rank(v.in(kX), 4));
  MOTE_TRY(check_rank(v.in(kCos), 3));
  MOTE_TRY(check_rank(v.in(kSin), 3));
  Dim d = v.in(kX).bounds.dims[3];
  if (!d.is_static() || d.max % 2 != 0) return error(Code::operand_shape, 2, d.max);
  return {};
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  if (in[kX].rank != 4) return error(Code::operand_rank, 4, in[kX].rank);
  out[0] = in[kX];
  for (size_t i = kCos; i <= kSin; ++i) {
    if (in[i].rank != 3) return error(Code::operand_rank, 3, in[i].rank);
    const Dim *d = in[i].dims, half = {in[kX].dims[3].max / 2, in[kX].dims[3].max / 2};
    Dim both;
    if (d[0].min != 1) MOTE_TRY(equal_dims(out[0].dims[0], d[0], &both));
    MOTE_TRY(equal_dims(out[0].dims[1], d[1], &out[0].dims[1]));
    MOTE_TRY(equal_dims(half, d[2], &both));
  }
  return {};
}

Tiling tiling(const KernelCall& call) {
  const Shape& x = call.out().shape;
  return {int64_t{x.dims[0]} * x.dims[1], call.out().bytes() / x.dims[0] / x.dims[1]};
}
uint32_t tiles(const KernelCall& call) { return tiling(call).count(); }

// (21.12)
template <class T>
void turn(const T* x, const T* cos, const T* sin, int64_t pairs, bool interleaved, T* y) {
  for (int64_t i = 0; i < pairs; ++i) {
    const int64_t first = interleaved ? 2 * i : i, second = interleaved ? 2 * i + 1 : i + pairs;
    const T a = x[first], b = x[second];
    y[first] = a * cos[i] - b * sin[i];
    y[second] = b * cos[i] + a * sin[i];
  }
}

template <class T>
void reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const Shape& x = call.out().shape;
  const int64_t length = x.dims[1], heads = x.dims[2], depth = x.dims[3], pairs = depth / 2;
  const bool interleaved = call.attributes<RotaryEmbeddingAttrs>().interleaved != 0;
  auto angles = [&](size_t input, int64_t place) {
    const Tensor& t = call.in(input);
    return t.as<T>() + (t.shape.dims[0] == 1 ? place % length : place) * pairs;
  };
  Range places = tiling(call).range(tile);
  for (int64_t p = places.begin; p < places.end; ++p)
    for (int64_t row = p * heads; row < (p + 1) * heads; ++row)
      turn(call.in(kX).as<T>() + row * depth, angles(kCos, p), angles(kSin, p), pairs, interleaved,
           call.out().as<T>() + row * depth);
}

constexpr Kernel kKernels[] = {
#include "ops/rotary_embedding/kernels.inc"
};

}  // namespace

extern const Operator rotary_embedding_operator;
extern const Kernel rotary_embedding_f64;

const Operator rotary_embedding_operator = {
    .code = op_code::rotary_embedding,
    .name = "rotary_embedding",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::RotaryEmbedding),
    .attributes_bytes = sizeof(RotaryEmbeddingAttrs),
    .min_inputs = 3,
    .max_inputs = 3,
    .in_place = 1,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel rotary_embedding_f64 = {.name = "rotary_embedding_f64_reference",
                                     .reference = true,
                                     .accepts = is_f64,
                                     .tiles = tiles,
                                     .run = reference<double>};

}  // namespace mote
