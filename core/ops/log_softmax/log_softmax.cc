// y = log(softmax(beta * x)) over the last axis (NUMERICS.md, 21.1). y may be x: each row is read
// before its elements are written, in order.
#include <cmath>

#include "mote_generated.h"
#include "ops/check.h"
#include "ops/elementwise.h"
#include "ops/op_codes.h"
#include "ops/softmax/attributes.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  static_cast<SoftmaxAttrs*>(attrs)->beta = static_cast<const file::Softmax*>(table)->beta();
  return {};
}

Status check(const OpView& v) {
  float beta = v.attributes<SoftmaxAttrs>().beta;
  if (!(beta > 0 && beta < __builtin_huge_valf()))
    return error(Code::attribute_range, 1, beta < 0 ? -1 : 0, "beta");
  if (v.in(0).bounds.rank < 1) return error(Code::operand_rank, 1, 0);
  return check_all_f32(v);
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  out[0] = in[0];
  return {};
}

int64_t row_elements(const KernelCall& call) {
  const Shape& s = call.out().shape;
  return s.dims[s.rank - 1];
}

uint32_t tiles(const KernelCall& call) {
  int64_t n = row_elements(call);
  return row_tiles(call.out().elements() / n, n);
}

// (21.1)
template <class T>
void log_softmax_row(const T* x, T* y, int64_t n, T beta) {
  T largest = x[0];
  for (int64_t i = 1; i < n; ++i) largest = x[i] > largest || x[i] != x[i] ? x[i] : largest;
  T sum = 0;
  for (int64_t i = 0; i < n; ++i) {
    y[i] = beta * (x[i] - largest);
    sum += std::exp(y[i]);
  }
  const T log_sum = std::log(sum);
  for (int64_t i = 0; i < n; ++i) y[i] -= log_sum;
}

template <class T>
void reference(const KernelCall& call, uint32_t tile, uint32_t) {
  T beta = call.attributes<SoftmaxAttrs>().beta;
  int64_t n = row_elements(call);
  Range rows = row_range(call.out().elements() / n, n, tile);
  for (int64_t r = rows.begin; r < rows.end; ++r)
    log_softmax_row(call.in(0).as<T>() + r * n, call.out().as<T>() + r * n, n, beta);
}

constexpr Kernel kKernels[] = {
#include "ops/log_softmax/kernels.inc"
};

}  // namespace

extern const Operator log_softmax_operator;
extern const Kernel log_softmax_f64;

const Operator log_softmax_operator = {
    .code = op_code::log_softmax,
    .name = "log_softmax",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Softmax),
    .attributes_bytes = sizeof(SoftmaxAttrs),
    .in_place = 1,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel log_softmax_f64 = {.name = "log_softmax_f64_reference",
                                .reference = true,
                                .accepts = is_f64,
                                .tiles = tiles,
                                .run = reference<double>};

}  // namespace mote
