// y = (x - mean) / sqrt(variance + epsilon) * scale + bias over the last dimensions (NUMERICS.md,
// 21.2). y may be x: a row is read for its statistics before it is written, in order.
#include "ops/normalize.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

// (21.2), (21.3)
template <class T>
void reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const double epsilon = static_cast<double>(call.attributes<NormalizeAttrs>().epsilon);
  const T* scale = normalize::optional<T>(call, normalize::kScale);
  const T* bias = normalize::optional<T>(call, normalize::kBias);
  normalize::for_rows<T>(call, tile, [=](const T* x, T* y, int64_t n) {
    const auto count = static_cast<double>(n);
    const T mean = static_cast<T>(normalize::sum_of<T>(n, [=](int64_t i) { return x[i]; }) / count);
    const normalize::Spread<T> spread = normalize::spread_of<T>(
        normalize::sum_of<T>(n, [=](int64_t i) { return x[i] - mean; }),
        normalize::sum_of<T>(n, [=](int64_t i) { return (x[i] - mean) * (x[i] - mean); }), count,
        epsilon);
    for (int64_t i = 0; i < n; ++i) y[i] = (x[i] - mean - spread.offset) * spread.inverse;
    for (int64_t i = 0; scale != nullptr && i < n; ++i) y[i] *= scale[i];
    for (int64_t i = 0; bias != nullptr && i < n; ++i) y[i] += bias[i];
  });
}

constexpr Kernel kKernels[] = {
#include "ops/layer_norm/kernels.inc"
};

}  // namespace

extern const Operator layer_norm_operator;
extern const Kernel layer_norm_f64;

const Operator layer_norm_operator = {
    .code = op_code::layer_norm,
    .name = "layer_norm",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Normalize),
    .attributes_bytes = sizeof(NormalizeAttrs),
    .min_inputs = 1,
    .max_inputs = 3,
    .in_place = 1,
    .read = normalize::read,
    .check = normalize::check_last_axes,
    .shape = normalize::last_axes_shape,
    .kernels = kKernels,
};

const Kernel layer_norm_f64 = {.name = "layer_norm_f64_reference",
                               .reference = true,
                               .accepts = is_f64,
                               .tiles = normalize::tiles,
                               .run = reference<double>};

}  // namespace mote
