#include "ops/weighted.h"

#include "ops/activation_range.h"
#include "ops/check.h"

namespace mote {
namespace {

// 2^16 products take some ten microseconds; at most 2^20 pieces keep their number small.
constexpr int64_t kPieceProducts = 1 << 16;
constexpr int64_t kMaxPieces = 1 << 20;

int64_t places_per_tile(int64_t places, int64_t products) {
  int64_t n = kPieceProducts / (products < 1 ? 1 : products);
  int64_t least = ceil_div(places, kMaxPieces);
  return n < least ? least : n;
}

Status check_vector(const OpView& v, size_t i, Type type, int64_t size) {
  const TensorInfo& t = v.in(i);
  if (t.type != type) return error(Code::operand_type, 0, static_cast<int64_t>(i));
  MOTE_TRY(check_rank(t, 1));
  const Dim& d = t.bounds.dims[0];
  return d.min == size && d.max == size ? Status{} : error(Code::operand_shape, size, d.max);
}

Status check_weights_quantization(const Quantization& q, int64_t channels, int32_t axis) {
  if (!q.quantized()) return error(Code::quantization_missing, 0, kWeightsInput);
  if (q.scale_count == 1) return {};
  if (q.scale_count != channels) return error(Code::scale_count, channels, q.scale_count);
  if (q.axis != axis) return error(Code::quantization_axis, axis, q.axis);
  for (uint32_t i = 0; i < q.scale_count; ++i)
    if (q.zero_point(i) != 0) return error(Code::zero_point_range, 0, q.zero_point(i));
  return {};
}

Status check_requantize(const OpView& v, int64_t channels) {
  const TensorInfo& t = v.in(kRequantizeInput);
  if (t.kind != TensorKind::constant) return error(Code::operand_not_constant, 0, kRequantizeInput);
  bool one = t.bounds.rank == 1 && t.bounds.dims[0].max == 1;
  return check_vector(v, kRequantizeInput, Type::float32, one ? 1 : channels);
}

}  // namespace

Status check_weighted(const OpView& v, int32_t weights_rank, int32_t axis) {
  MOTE_TRY(check_float_or_quantized(v));
  MOTE_TRY(check_same_type(v, 0, kWeightsInput));
  const TensorInfo& w = v.in(kWeightsInput);
  MOTE_TRY(check_rank(w, weights_rank));
  for (int32_t i = 0; i < weights_rank; ++i)
    if (!w.bounds.dims[i].is_static())
      return error(Code::operand_shape, w.bounds.dims[i].max, w.bounds.dims[i].min);
  int64_t channels = w.bounds.dims[axis].max;
  bool quantized = w.type == Type::int8;
  if (v.has(kBiasInput))
    MOTE_TRY(check_vector(v, kBiasInput, quantized ? Type::int32 : Type::float32, channels));
  if (!quantized) return v.has(kRequantizeInput) ? error(Code::input_count, 3, 4) : Status{};
  MOTE_TRY(check_weights_quantization(w.quantization, channels, axis));
  return v.has(kRequantizeInput) ? check_requantize(v, channels) : Status{};
}

Status check_terms(const OpView& v, int32_t first_dim, int32_t last_dim) {
  int64_t terms = 1;
  for (int32_t i = first_dim; i <= last_dim; ++i) {
    int64_t dim = weights_dim(v, i);
    if (dim > kMaxTerms / terms) return error(Code::operand_shape, kMaxTerms / terms, dim);
    terms *= dim;
  }
  return {};
}

Status check_x_dim(const OpView& v, int32_t i, int64_t expected) {
  const Dim& d = v.in(0).bounds.dims[i];
  if (d.min != expected) return error(Code::operand_shape, expected, d.min);
  return d.max == expected ? Status{} : error(Code::operand_shape, expected, d.max);
}

ChannelScale channel_scale(const OpView& v) {
  const Quantization& w = v.in(kWeightsInput).quantization;
  ChannelScale s;
  s.x = v.in(0).quantization.scale();
  s.out = v.out().quantization.scale();
  s.weights = w.scales;
  s.weights_count = w.scale_count;
  if (v.has(kRequantizeInput)) {
    s.stored = constant_data<float>(v, kRequantizeInput);
    s.stored_count = v.in(kRequantizeInput).bounds.dims[0].max;
  }
  return s;
}

RequantizeRange weighted_range(const OpView& v, int32_t activation) {
  StoredRange r = stored_activation_range(activation, v.out());
  return requantize_range(r.lo, r.hi, v.out().quantization.zero_point());
}

int64_t weighted_work(const OpView& v, int64_t terms) {
  int64_t work = element_count(v.out().bounds).max;
  return checked_mul(work, terms, &work) ? work : INT64_MAX;
}

uint32_t place_tiles(int64_t places, int64_t products_per_place) {
  return static_cast<uint32_t>(ceil_div(places, places_per_tile(places, products_per_place)));
}

PlaceRange place_range(int64_t places, int64_t products_per_place, uint32_t tile) {
  int64_t n = places_per_tile(places, products_per_place), begin = tile * n;
  return {begin, begin + n < places ? begin + n : places};
}

}  // namespace mote
