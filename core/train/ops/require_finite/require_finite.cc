// y = x, and the run fails before any state is written when an element is NaN or infinite
// (NUMERICS.md, 15.3). y may be x.
#include <cstring>

#include "mote_generated.h"
#include "ops/check.h"
#include "ops/elementwise.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

Status read(const void*, void*) { return {}; }

Status check(const OpView& v) {
  if (v.in(0).type != Type::float32) return error(Code::operand_type, 0, 0);
  if (v.in(0).quantization.quantized()) return error(Code::quantization_unexpected, 0, 0);
  if (v.out().quantization.quantized()) return error(Code::quantization_unexpected, 0, 1);
  return check_output_type(v, Type::float32);
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  out[0] = in[0];
  return {};
}

// x - x is 0 for finite numbers alone.
template <class T>
bool finite(T x) {
  return x - x == 0;
}

// Blocks without a branch, which the compiler vectorizes.
template <class T>
Status check_finite(const KernelCall& call) {
  const T* x = call.in(0).as<T>();
  int64_t n = call.in(0).elements();
  for (int64_t begin = 0; begin < n; begin += kElementwiseTile) {
    int64_t end = n - begin < kElementwiseTile ? n : begin + kElementwiseTile;
    uint32_t bad = 0;
    for (int64_t i = begin; i < end; ++i) bad |= finite(x[i]) ? 0u : 1u;
    if (bad == 0) continue;
    for (int64_t i = begin; i < end; ++i)
      if (!finite(x[i])) return error(Code::data_not_finite, 0, i);
  }
  return {};
}

template <class T>
void copy(const KernelCall& call, uint32_t tile, uint32_t) {
  const T* x = call.in(0).as<T>();
  T* y = call.out().as<T>();
  if (x == y) return;
  Range r = elementwise_range(call, tile);
  memcpy(y + r.begin, x + r.begin, static_cast<size_t>(r.end - r.begin) * sizeof(T));
}

constexpr Kernel kKernels[] = {
#include "train/ops/require_finite/kernels.inc"
};

}  // namespace

extern const Operator require_finite_operator;
extern const Kernel require_finite_f64;

const Operator require_finite_operator = {
    .code = op_code::require_finite,
    .name = "require_finite",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::NoAttributes),
    .flags = kFallible,
    .in_place = 1,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel require_finite_f64 = {.name = "require_finite_f64_reference",
                                   .reference = true,
                                   .accepts = is_f64,
                                   .check_data = check_finite<double>,
                                   .tiles = elementwise_tiles,
                                   .run = copy<double>};

}  // namespace mote
