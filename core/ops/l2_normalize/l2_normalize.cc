// y = x / max(sqrt(sum of squares), epsilon) over the last dimension (NUMERICS.md, 21.5). y may be
// x: a row is read for its norm before it is written, in order.
#include "ops/normalize.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

// NormalizeAttrs::axis_count stays unused: importers transpose.
Status check(const OpView& v) {
  MOTE_TRY(normalize::check(v));
  return v.in(0).bounds.rank >= 1 ? Status{} : error(Code::operand_rank, 1, 0);
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  out[0] = in[0];
  return {};
}

int64_t row_size(const KernelCall& call) {
  return call.out().shape.dims[call.out().shape.rank - 1];
}
Tiling tiling(const KernelCall& call) {
  int64_t n = row_size(call);
  return {call.out().elements() / n, n * element_bytes(call.out())};
}
uint32_t tiles(const KernelCall& call) { return tiling(call).count(); }

// (21.7)
template <class T>
void reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const double epsilon = static_cast<double>(call.attributes<NormalizeAttrs>().epsilon);
  const int64_t n = row_size(call);
  Range rows = tiling(call).range(tile);
  for (int64_t r = rows.begin; r < rows.end; ++r) {
    const T* x = call.in(0).as<T>() + r * n;
    T* y = call.out().as<T>() + r * n;
    const double norm = std::sqrt(normalize::sum_of<T>(n, [=](int64_t i) { return x[i] * x[i]; }));
    const T divisor = static_cast<T>(norm < epsilon ? epsilon : norm);
    // 0 / 0 only where epsilon is 0: such a row is left as it is.
    if (divisor == 0) {
      for (int64_t i = 0; i < n; ++i) y[i] = x[i];
      continue;
    }
    for (int64_t i = 0; i < n; ++i) y[i] = x[i] / divisor;
  }
}

constexpr Kernel kKernels[] = {
#include "ops/l2_normalize/kernels.inc"
};

}  // namespace

extern const Operator l2_normalize_operator;
extern const Kernel l2_normalize_f64;

const Operator l2_normalize_operator = {
    .code = op_code::l2_normalize,
    .name = "l2_normalize",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Normalize),
    .attributes_bytes = sizeof(NormalizeAttrs),
    .in_place = 1,
    .read = normalize::read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel l2_normalize_f64 = {.name = "l2_normalize_f64_reference",
                                 .reference = true,
                                 .accepts = is_f64,
                                 .tiles = tiles,
                                 .run = reference<double>};

}  // namespace mote
