// y = (x - mean) * scale / sqrt(variance + epsilon) + bias per channel (NUMERICS.md, 16.1).
#include "ops/batch_norm/batch_norm.h"

#include <cmath>

#include "kernels/batch_norm/normalize.h"
#include "ops/op_codes.h"
#include "ops/tiles.h"

namespace mote {
namespace {

enum Input { kX, kScale, kBias, kMean, kVariance };

Status check(const OpView& v) { return batch_norm::check(v, kScale); }

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  ShapeBounds channels;
  MOTE_TRY(batch_norm::channel_shape(in, kScale, &channels));
  out[0] = in[0];
  return {};
}

Tiling tiling(const KernelCall& call) {
  batch_norm::Rows n = batch_norm::rows_of(call.out());
  return {n.rows, call.out().bytes() / n.rows};
}
uint32_t tiles(const KernelCall& call) { return tiling(call).count(); }

// (16.1)
template <class T>
void real_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const T epsilon = static_cast<T>(call.attributes<BatchNormAttrs>().epsilon);
  const T *scale = call.in(kScale).as<T>(), *bias = call.in(kBias).as<T>();
  const T *mean = call.in(kMean).as<T>(), *variance = call.in(kVariance).as<T>();
  const int64_t channels = batch_norm::rows_of(call.out()).channels;
  Range rows = tiling(call).range(tile);
  for (int64_t c = 0; c < channels; ++c) {
    const T multiplier = scale[c] / std::sqrt(variance[c] + epsilon);
    for (int64_t i = rows.begin * channels + c; i < rows.end * channels; i += channels)
      call.out().as<T>()[i] = (call.in(kX).as<T>()[i] - mean[c]) * multiplier + bias[c];
  }
}

// One multiplier per channel, shared by the tiles.
Status prepare_multipliers(PrepareContext& ctx) {
  ctx.shared_scratch_bytes = static_cast<size_t>(ctx.view.in(kScale).bounds.dims[0].max) * 4;
  return {};
}
void find_multipliers(const KernelCall& call, uint32_t, uint32_t) {
  const float epsilon = call.attributes<BatchNormAttrs>().epsilon;
  const float *scale = call.in(kScale).as<float>(), *variance = call.in(kVariance).as<float>();
  auto* multiplier = reinterpret_cast<float*>(call.shared_scratch);
  const int64_t channels = batch_norm::rows_of(call.out()).channels;
  for (int64_t c = 0; c < channels; ++c)
    multiplier[c] = scale[c] / std::sqrt(variance[c] + epsilon);
}

// A row of kernels/batch_norm on the rows of a tile.
template <auto Normalize>
void f32_rows(const KernelCall& call, uint32_t tile, uint32_t) {
  const int64_t channels = batch_norm::rows_of(call.out()).channels;
  Range rows = tiling(call).range(tile);
  const int64_t first = rows.begin * channels;
  const ChannelScaling s = {call.in(kMean).as<float>(),
                            reinterpret_cast<const float*>(call.shared_scratch),
                            call.in(kBias).as<float>()};
  Normalize(call.in(kX).as<float>() + first, rows.end - rows.begin, channels, s,
            call.out().as<float>() + first);
}

constexpr Kernel kKernels[] = {
#include "ops/batch_norm/kernels.inc"
};

}  // namespace

extern const Operator batch_norm_operator;
extern const Kernel batch_norm_f64;

const Operator batch_norm_operator = {
    .code = op_code::batch_norm,
    .name = "batch_norm",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::BatchNorm),
    .attributes_bytes = sizeof(BatchNormAttrs),
    .min_inputs = 5,
    .max_inputs = 5,
    .in_place = 1,
    .read = batch_norm::read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel batch_norm_f64 = {.name = "batch_norm_f64_reference",
                               .reference = true,
                               .accepts = is_f64,
                               .tiles = tiles,
                               .run = real_reference<double>};

}  // namespace mote
