// uint8 or int8 with a scale and a zero point that follow from the data (NUMERICS.md, 22.5).
#include "base/interval.h"
#include "base/requantize.h"
#include "mote_generated.h"
#include "ops/activation_range.h"
#include "ops/check.h"
#include "ops/elementwise.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

enum Output { kQuantized, kScale, kZeroPoint };

Status read(const void*, void*) { return {}; }

Status check(const OpView& v) {
  if (v.in(0).type != Type::float32) return error(Code::operand_type, 0, 0);
  const Type type = v.out().type;
  if (!is_int8_like(type)) return error(Code::operand_type, 0, 1);
  if (v.out(kScale).type != Type::float32) return error(Code::operand_type, 0, 2);
  if (v.out(kZeroPoint).type != type) return error(Code::operand_type, 0, 3);
  for (int64_t i = 0; i < 3; ++i)
    if (v.out(static_cast<size_t>(i)).quantization.quantized())
      return error(Code::quantization_unexpected, 0, i + 1);
  return {};
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  out[kQuantized] = in[0];
  for (int i = kScale; i <= kZeroPoint; ++i) {
    out[i].rank = 1;
    out[i].dims[0] = {1, 1};
  }
  return {};
}

// Pieces of which each leaves its limits; so few that every tile may go through all of them.
constexpr int64_t kMostPieces = 256;

struct Limits {
  float lo, hi;
};

int64_t piece_size(int64_t elements) {
  int64_t size = ceil_div(elements, kMostPieces);
  return size < kElementwiseTile ? kElementwiseTile : size;
}
uint32_t pieces(const KernelCall& call) {
  int64_t n = call.in(0).elements();
  return static_cast<uint32_t>(ceil_div(n, piece_size(n)));
}
Range piece_range(const KernelCall& call, uint32_t piece) {
  int64_t n = call.in(0).elements(), size = piece_size(n), begin = piece * size;
  return {begin, begin + size < n ? begin + size : n};
}

Status prepare(PrepareContext& ctx) {
  ctx.shared_scratch_bytes = kMostPieces * sizeof(Limits);
  return {};
}

// (22.7), of one piece.
template <class T>
void find_limits(const KernelCall& call, uint32_t piece, uint32_t) {
  const T* x = call.in(0).as<T>();
  Limits l = {0, 0};
  Range r = piece_range(call, piece);
  for (int64_t i = r.begin; i < r.end; ++i) {
    auto v = static_cast<float>(x[i]);
    l.lo = v < l.lo ? v : l.lo;
    l.hi = v > l.hi ? v : l.hi;
  }
  reinterpret_cast<Limits*>(call.shared_scratch)[piece] = l;
}

struct Parameters {
  float scale;
  int32_t zero_point;
};
Parameters parameters_of(const KernelCall& call, const StoredRange& range) {
  Limits l = {0, 0};
  const auto* found = reinterpret_cast<const Limits*>(call.shared_scratch);
  for (uint32_t i = 0; i < pieces(call); ++i) {
    l.lo = found[i].lo < l.lo ? found[i].lo : l.lo;
    l.hi = found[i].hi > l.hi ? found[i].hi : l.hi;
  }
  float scale = (l.hi - l.lo) / 255.0F;
  if (scale == 0) scale = 1;
  const auto lo = static_cast<float>(range.lo), hi = static_cast<float>(range.hi);
  return {scale, round_half_even(clamp_or_low(lo - l.lo / scale, lo, hi))};
}

template <class T, class Stored>
void quantize_piece(const KernelCall& call, uint32_t piece) {
  const StoredRange limits = type_range(call.out().type());
  const Parameters p = parameters_of(call, limits);
  const RequantizeRange range = requantize_range(limits.lo, limits.hi, p.zero_point);
  const T* x = call.in(0).as<T>();
  Stored* y = call.out().as<Stored>();
  Range r = piece_range(call, piece);
  for (int64_t i = r.begin; i < r.end; ++i) {
    float v = clamp_or_low(static_cast<float>(x[i]) / p.scale, range.lo, range.hi);
    y[i] = static_cast<Stored>(round_half_even(v) + p.zero_point);
  }
  if (piece != 0) return;
  *call.out(kScale).as<T>() = static_cast<T>(p.scale);
  *call.out(kZeroPoint).as<Stored>() = static_cast<Stored>(p.zero_point);
}

template <class T>
void dynamic_quantize(const KernelCall& call, uint32_t piece, uint32_t) {
  if (call.out().type() == Type::int8) return quantize_piece<T, int8_t>(call, piece);
  quantize_piece<T, uint8_t>(call, piece);
}

constexpr Kernel kKernels[] = {
#include "ops/dynamic_quantize/kernels.inc"
};

}  // namespace

extern const Operator dynamic_quantize_operator;
extern const Kernel dynamic_quantize_f64;

const Operator dynamic_quantize_operator = {
    .code = op_code::dynamic_quantize,
    .name = "dynamic_quantize",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::NoAttributes),
    .outputs = 3,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel dynamic_quantize_f64 = {.name = "dynamic_quantize_f64_reference",
                                     .reference = true,
                                     .accepts = is_f64,
                                     .prepare = prepare,
                                     .tiles = pieces,
                                     .run = dynamic_quantize<double>,
                                     .before = {pieces, find_limits<double>}};

}  // namespace mote
