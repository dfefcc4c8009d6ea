// y = x / sqrt(mean of squares + epsilon) * scale over the last dimensions (NUMERICS.md, 21.3). y
// may be x: a row is read for its mean before it is written, in order.
#include "ops/normalize.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

// (21.4)
template <class T>
void reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const double epsilon = static_cast<double>(call.attributes<NormalizeAttrs>().epsilon);
  const T* scale = normalize::optional<T>(call, normalize::kScale);
  normalize::for_rows<T>(call, tile, [=](const T* x, T* y, int64_t n) {
    const double squares = normalize::sum_of<T>(n, [=](int64_t i) { return x[i] * x[i]; });
    const T inverse = static_cast<T>(1 / std::sqrt(squares / static_cast<double>(n) + epsilon));
    for (int64_t i = 0; i < n; ++i) y[i] = x[i] * inverse;
    for (int64_t i = 0; scale != nullptr && i < n; ++i) y[i] *= scale[i];
  });
}

constexpr Kernel kKernels[] = {
#include "ops/rms_norm/kernels.inc"
};

}  // namespace

extern const Operator rms_norm_operator;
extern const Kernel rms_norm_f64;

const Operator rms_norm_operator = {
    .code = op_code::rms_norm,
    .name = "rms_norm",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Normalize),
    .attributes_bytes = sizeof(NormalizeAttrs),
    .min_inputs = 1,
    .max_inputs = 2,
    .in_place = 1,
    .read = normalize::read,
    .check = normalize::check_last_axes,
    .shape = normalize::last_axes_shape,
    .kernels = kKernels,
};

const Kernel rms_norm_f64 = {.name = "rms_norm_f64_reference",
                             .reference = true,
                             .accepts = is_f64,
                             .tiles = normalize::tiles,
                             .run = reference<double>};

}  // namespace mote
