// Normalization with the statistics of the batch, and the running statistics (NUMERICS.md, 16.2).
#include <cmath>

#include "kernels/batch_norm/normalize.h"
#include "ops/op_codes.h"
#include "train/ops/batch_norm_blocks.h"
#include "train/ops/batch_norm_train/moments.h"

namespace mote {
namespace {

enum Input { kX, kScale, kBias, kRunningMean, kRunningVariance };
enum Output { kY, kMean, kInverseStd, kNewMean, kNewVariance, kOutputs };

Status check(const OpView& v) { return batch_norm::check(v, kScale); }

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  MOTE_TRY(batch_norm::channel_shape(in, kScale, &out[kMean]));
  out[kY] = in[kX];
  for (int i = kInverseStd; i < kOutputs; ++i) out[static_cast<size_t>(i)] = out[kMean];
  return {};
}

// (16.2) of one channel. `variance`: the mean square, not yet divided by n - 1.
template <class T>
void write_statistics(const KernelCall& call, int64_t c, double mean, double variance) {
  const auto& a = call.attributes<BatchNormAttrs>();
  auto n = static_cast<double>(batch_norm::rows_of(call.in(kX)).rows);
  const double momentum = static_cast<double>(a.momentum);
  auto mix = [=](T running, double batch) {
    auto old = static_cast<double>(running);
    return static_cast<T>(old + momentum * (batch - old));
  };
  call.out(kMean).as<T>()[c] = static_cast<T>(mean);
  call.out(kInverseStd).as<T>()[c] =
      static_cast<T>(1 / std::sqrt(variance + static_cast<double>(a.epsilon)));
  call.out(kNewMean).as<T>()[c] = mix(call.in(kRunningMean).as<T>()[c], mean);
  double unbiased = n > 1 ? variance * (n / (n - 1)) : variance;
  call.out(kNewVariance).as<T>()[c] = mix(call.in(kRunningVariance).as<T>()[c], unbiased);
}

// Channels of a tile of the reference.
Tiling channel_tiling(const KernelCall& call) {
  batch_norm::Rows n = batch_norm::rows_of(call.in(kX));
  return {n.channels, n.rows * 4};
}
uint32_t channel_tiles(const KernelCall& call) { return channel_tiling(call).count(); }

template <class T>
void reference_channel(const KernelCall& call, int64_t c) {
  batch_norm::Rows n = batch_norm::rows_of(call.in(kX));
  const T* x = call.in(kX).as<T>();
  const int64_t end = n.rows * n.channels;
  double sum = 0, squares = 0;
  for (int64_t i = c; i < end; i += n.channels) sum += static_cast<double>(x[i]);
  const double mean = sum / static_cast<double>(n.rows);
  for (int64_t i = c; i < end; i += n.channels) {
    double d = static_cast<double>(x[i]) - mean;
    squares += d * d;
  }
  write_statistics<T>(call, c, mean, squares / static_cast<double>(n.rows));
  const T center = call.out(kMean).as<T>()[c], bias = call.in(kBias).as<T>()[c];
  const T multiplier = call.in(kScale).as<T>()[c] * call.out(kInverseStd).as<T>()[c];
  T* y = call.out(kY).as<T>();
  for (int64_t i = c; i < end; i += n.channels) y[i] = (x[i] - center) * multiplier + bias;
}

// (16.2), (16.3)
template <class T>
void real_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  Range channels = channel_tiling(call).range(tile);
  for (int64_t c = channels.begin; c < channels.end; ++c) reference_channel<T>(call, c);
}

// The optimized rows: moments of blocks of rows, their merging, normalization.
Status prepare_moments(PrepareContext& ctx) {
  return batch_norm::reserve_block_sums(ctx, ctx.view.in(kX), 1);
}
batch_norm::Rows rows_of(const KernelCall& call) { return batch_norm::rows_of(call.in(kX)); }
batch_norm::BlockSums moments_of(const KernelCall& call) {
  return batch_norm::block_sums(call, rows_of(call));
}

uint32_t block_tiles(const KernelCall& call) { return batch_norm::Blocks(rows_of(call)).count(); }
template <auto Moments>
void find_moments(const KernelCall& call, uint32_t tile, uint32_t) {
  batch_norm::Rows n = rows_of(call);
  batch_norm::BlockSums sums = moments_of(call);
  Range rows = batch_norm::Blocks(n).range(tile);
  Moments(call.in(kX).as<float>() + rows.begin * n.channels, rows.end - rows.begin, n.channels,
          sums.first + tile * n.channels, sums.second + tile * n.channels);
}

Tiling merge_tiling(const KernelCall& call) {
  batch_norm::Rows n = rows_of(call);
  return {n.channels, batch_norm::Blocks(n).count() * int64_t{16}};
}
uint32_t merge_tiles(const KernelCall& call) { return merge_tiling(call).count(); }

// The blocks in their order: first the mean, then the deviations from it.
void merge_moments(const KernelCall& call, uint32_t tile, uint32_t) {
  batch_norm::Rows n = rows_of(call);
  batch_norm::Blocks blocks(n);
  batch_norm::BlockSums sums = moments_of(call);
  const auto total = static_cast<double>(n.rows);
  Range channels = merge_tiling(call).range(tile);
  for (int64_t c = channels.begin; c < channels.end; ++c) {
    double mean = 0, squares = 0;
    for (int64_t b = 0; b < blocks.count(); ++b)
      mean += sums.first[b * n.channels + c] * static_cast<double>(blocks.size(b));
    mean /= total;
    for (int64_t b = 0; b < blocks.count(); ++b) {
      double d = sums.first[b * n.channels + c] - mean;
      squares += sums.second[b * n.channels + c] + d * d * static_cast<double>(blocks.size(b));
    }
    write_statistics<float>(call, c, mean, squares / total);
    sums.vectors[c] = call.in(kScale).as<float>()[c] * call.out(kInverseStd).as<float>()[c];
  }
}

uint32_t output_tiles(const KernelCall& call) {
  return batch_norm::row_tiling(rows_of(call)).count();
}
template <auto Normalize>
void normalize_rows(const KernelCall& call, uint32_t tile, uint32_t) {
  batch_norm::Rows n = rows_of(call);
  Range rows = batch_norm::row_tiling(n).range(tile);
  const ChannelScaling s = {call.out(kMean).as<float>(), moments_of(call).vectors,
                            call.in(kBias).as<float>()};
  const int64_t first = rows.begin * n.channels;
  Normalize(call.in(kX).as<float>() + first, rows.end - rows.begin, n.channels, s,
            call.out(kY).as<float>() + first);
}

constexpr Kernel kKernels[] = {
#include "train/ops/batch_norm_train/kernels.inc"
};

}  // namespace

extern const Operator batch_norm_train_operator;
extern const Kernel batch_norm_train_f64;

const Operator batch_norm_train_operator = {
    .code = op_code::batch_norm_train,
    .name = "batch_norm_train",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::BatchNorm),
    .attributes_bytes = sizeof(BatchNormAttrs),
    .min_inputs = 5,
    .max_inputs = 5,
    .outputs = kOutputs,
    .in_place = 1,
    .read = batch_norm::read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel batch_norm_train_f64 = {.name = "batch_norm_train_f64_reference",
                                     .reference = true,
                                     .accepts = is_f64,
                                     .tiles = channel_tiles,
                                     .run = real_reference<double>};

}  // namespace mote
