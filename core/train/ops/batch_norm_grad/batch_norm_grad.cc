// The gradient of batch_norm_train, and with frozen statistics of batch_norm (NUMERICS.md, 16.3).
#include "ops/op_codes.h"
#include "train/ops/batch_norm_blocks.h"
#include "train/ops/batch_norm_grad/products.h"

namespace mote {
namespace {

enum Input { kDy, kX, kScale, kMean, kInverseStd };
enum Output { kDx, kDScale, kDBias };

Status check(const OpView& v) { return batch_norm::check(v, kScale); }

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  MOTE_TRY(batch_norm::channel_shape(in, kScale, &out[kDScale]));
  out[kDBias] = out[kDScale];
  if (in[kX].rank != in[kDy].rank) return error(Code::operand_rank, in[kDy].rank, in[kX].rank);
  out[kDx].rank = in[kX].rank;
  for (int i = 0; i < in[kX].rank; ++i)
    MOTE_TRY(equal_dims(in[kDy].dims[i], in[kX].dims[i], &out[kDx].dims[i]));
  return {};
}

// Channels of a tile of the reference.
Tiling channel_tiling(const KernelCall& call) {
  batch_norm::Rows n = batch_norm::rows_of(call.in(kX));
  return {n.channels, n.rows * 4};
}
uint32_t channel_tiles(const KernelCall& call) { return channel_tiling(call).count(); }

// (16.4), and a and b of (16.5).
template <class T>
struct Slopes {
  T level, slope, multiplier;
};
template <class T>
Slopes<T> finish_sums(const KernelCall& call, int64_t c, double sum, double product) {
  const T inverse_std = call.in(kInverseStd).as<T>()[c];
  const auto s = static_cast<double>(inverse_std);
  const auto n = static_cast<double>(batch_norm::rows_of(call.in(kX)).rows);
  call.out(kDBias).as<T>()[c] = static_cast<T>(sum);
  call.out(kDScale).as<T>()[c] = static_cast<T>(product * s);
  const bool frozen = call.attributes<BatchNormAttrs>().frozen != 0;
  return {static_cast<T>(frozen ? 0 : sum / n), static_cast<T>(frozen ? 0 : product * s * s / n),
          call.in(kScale).as<T>()[c] * inverse_std};
}

template <class T>
void reference_channel(const KernelCall& call, int64_t c) {
  batch_norm::Rows n = batch_norm::rows_of(call.in(kX));
  const T *dy = call.in(kDy).as<T>(), *x = call.in(kX).as<T>();
  const T mean = call.in(kMean).as<T>()[c];
  const int64_t end = n.rows * n.channels;
  double sum = 0, product = 0;
  for (int64_t i = c; i < end; i += n.channels) {
    sum += static_cast<double>(dy[i]);
    product += static_cast<double>(dy[i]) * (static_cast<double>(x[i]) - static_cast<double>(mean));
  }
  const Slopes<T> s = finish_sums<T>(call, c, sum, product);
  T* dx = call.out(kDx).as<T>();
  for (int64_t i = c; i < end; i += n.channels)
    dx[i] = ((dy[i] - s.level) - (x[i] - mean) * s.slope) * s.multiplier;
}

// (16.4), (16.5)
template <class T>
void real_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  Range channels = channel_tiling(call).range(tile);
  for (int64_t c = channels.begin; c < channels.end; ++c) reference_channel<T>(call, c);
}

// The optimized rows: sums of blocks of rows, their total, the gradient of x.
Status prepare_sums(PrepareContext& ctx) {
  return batch_norm::reserve_block_sums(ctx, ctx.view.in(kX), 3);
}
batch_norm::Rows rows_of(const KernelCall& call) { return batch_norm::rows_of(call.in(kX)); }
batch_norm::BlockSums sums_of(const KernelCall& call) {
  return batch_norm::block_sums(call, rows_of(call));
}

uint32_t block_tiles(const KernelCall& call) { return batch_norm::Blocks(rows_of(call)).count(); }
template <auto Products>
void find_sums(const KernelCall& call, uint32_t tile, uint32_t) {
  batch_norm::Rows n = rows_of(call);
  batch_norm::BlockSums sums = sums_of(call);
  Range rows = batch_norm::Blocks(n).range(tile);
  const int64_t first = rows.begin * n.channels, block = tile * n.channels;
  Products(call.in(kDy).as<float>() + first, call.in(kX).as<float>() + first,
           call.in(kMean).as<float>(), rows.end - rows.begin, n.channels,
           {sums.first + block, sums.second + block});
}

Tiling total_tiling(const KernelCall& call) {
  batch_norm::Rows n = rows_of(call);
  return {n.channels, batch_norm::Blocks(n).count() * int64_t{16}};
}
uint32_t total_tiles(const KernelCall& call) { return total_tiling(call).count(); }

void add_sums(const KernelCall& call, uint32_t tile, uint32_t) {
  batch_norm::Rows n = rows_of(call);
  const int64_t blocks = batch_norm::Blocks(n).count();
  batch_norm::BlockSums sums = sums_of(call);
  Range channels = total_tiling(call).range(tile);
  for (int64_t c = channels.begin; c < channels.end; ++c) {
    double sum = 0, product = 0;
    for (int64_t b = 0; b < blocks; ++b) {
      sum += sums.first[b * n.channels + c];
      product += sums.second[b * n.channels + c];
    }
    const Slopes<float> s = finish_sums<float>(call, c, sum, product);
    sums.vectors[c] = s.level;
    sums.vectors[n.channels + c] = s.slope;
    sums.vectors[2 * n.channels + c] = s.multiplier;
  }
}

uint32_t output_tiles(const KernelCall& call) {
  return batch_norm::row_tiling(rows_of(call)).count();
}
template <auto Gradient>
void gradient_rows(const KernelCall& call, uint32_t tile, uint32_t) {
  batch_norm::Rows n = rows_of(call);
  Range rows = batch_norm::row_tiling(n).range(tile);
  const float* vectors = sums_of(call).vectors;
  const ChannelSlopes s = {call.in(kMean).as<float>(), vectors, vectors + n.channels,
                           vectors + 2 * n.channels};
  const int64_t first = rows.begin * n.channels;
  Gradient(call.in(kDy).as<float>() + first, call.in(kX).as<float>() + first, rows.end - rows.begin,
           n.channels, s, call.out(kDx).as<float>() + first);
}

constexpr Kernel kKernels[] = {
#include "train/ops/batch_norm_grad/kernels.inc"
};

}  // namespace

extern const Operator batch_norm_grad_operator;
extern const Kernel batch_norm_grad_f64;

const Operator batch_norm_grad_operator = {
    .code = op_code::batch_norm_grad,
    .name = "batch_norm_grad",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::BatchNorm),
    .attributes_bytes = sizeof(BatchNormAttrs),
    .min_inputs = 5,
    .max_inputs = 5,
    .outputs = 3,
    .in_place = 3,
    .read = batch_norm::read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel batch_norm_grad_f64 = {.name = "batch_norm_grad_f64_reference",
                                    .reference = true,
                                    .accepts = is_f64,
                                    .tiles = channel_tiles,
                                    .run = real_reference<double>};

}  // namespace mote
