// Batch normalization with constant statistics as one product and one sum (NUMERICS.md, 16.4).
#include <cmath>

#include "ops/batch_norm/batch_norm.h"
#include "ops/elementwise.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

enum Input { kScale, kBias, kMean, kVariance };

Status check(const OpView& v) { return batch_norm::check(v, kScale); }

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  MOTE_TRY(batch_norm::channel_shape(in, kScale, &out[0]));
  out[1] = out[0];
  return {};
}

// (16.6)
template <class T>
void real_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const T epsilon = static_cast<T>(call.attributes<BatchNormAttrs>().epsilon);
  const T *scale = call.in(kScale).as<T>(), *bias = call.in(kBias).as<T>();
  const T *mean = call.in(kMean).as<T>(), *variance = call.in(kVariance).as<T>();
  T *multiplier = call.out(0).as<T>(), *offset = call.out(1).as<T>();
  Range r = elementwise_range(call, tile);
  for (int64_t c = r.begin; c < r.end; ++c) {
    const T m = scale[c] / std::sqrt(variance[c] + epsilon);
    multiplier[c] = m;
    offset[c] = bias[c] - mean[c] * m;
  }
}

constexpr Kernel kKernels[] = {
#include "train/ops/batch_norm_fold/kernels.inc"
};

}  // namespace

extern const Operator batch_norm_fold_operator;
extern const Kernel batch_norm_fold_f64;

const Operator batch_norm_fold_operator = {
    .code = op_code::batch_norm_fold,
    .name = "batch_norm_fold",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::BatchNorm),
    .attributes_bytes = sizeof(BatchNormAttrs),
    .min_inputs = 4,
    .max_inputs = 4,
    .outputs = 2,
    .read = batch_norm::read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel batch_norm_fold_f64 = {.name = "batch_norm_fold_f64_reference",
                                    .reference = true,
                                    .accepts = is_f64,
                                    .tiles = elementwise_tiles,
                                    .run = real_reference<double>};

}  // namespace mote
