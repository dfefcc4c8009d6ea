// y = softmax(beta * x) over the last axis (NUMERICS.md, 7.1). y may be x: each row is read before
// its elements are written, in order.
#include <cmath>

#include "base/requantize.h"
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
  MOTE_TRY(check_float_or_quantized(v));
  if (v.in(0).type != Type::int8) return v.has(1) ? error(Code::input_count, 1, 2) : Status{};
  float scale = v.out().quantization.scale();
  if (!(scale >= 0x1p-16f && scale <= 1.0f)) return error(Code::quantization_ratio);
  return check_table(v, 1, Type::int32);
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

// Calls row(x, y, n) for each row of the tile.
template <class T, class Row>
void for_rows(const KernelCall& call, uint32_t tile, Row&& row) {
  int64_t n = row_elements(call);
  Range rows = row_range(call.out().elements() / n, n, tile);
  for (int64_t r = rows.begin; r < rows.end; ++r)
    row(call.in(0).as<T>() + r * n, call.out().as<T>() + r * n, n);
}

// (7.1)
template <class T>
void softmax_row(const T* x, T* y, int64_t n, T beta) {
  T largest = x[0];
  for (int64_t i = 1; i < n; ++i) largest = x[i] > largest || x[i] != x[i] ? x[i] : largest;
  T sum = 0;
  for (int64_t i = 0; i < n; ++i) {
    y[i] = std::exp(beta * (x[i] - largest));
    sum += y[i];
  }
  for (int64_t i = 0; i < n; ++i) y[i] = y[i] / sum;
}

template <class T>
void softmax_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  T beta = call.attributes<SoftmaxAttrs>().beta;
  for_rows<T>(call, tile, [=](const T* x, T* y, int64_t n) { softmax_row(x, y, n, beta); });
}

struct Params {
  uint64_t inverse;  // (7.3), in [1, 2^16]
  int32_t zero_point;
};

Status prepare_s8(PrepareContext& ctx) {
  auto* p = ctx.allocate<Params>();
  if (p == nullptr) return error(Code::out_of_memory, 0, sizeof(Params));
  const Quantization& q = ctx.view.out().quantization;
  p->inverse = static_cast<uint64_t>(round_half_even(1.0f / q.scale()));
  p->zero_point = q.zero_point();
  ctx.params = p;
  return {};
}

// (7.4), (7.5). The table's entries may have any value.
void softmax_row_s8(const int8_t* x, int8_t* y, int64_t n, const uint32_t* table, const Params& p) {
  int32_t largest = x[0];
  for (int64_t i = 1; i < n; ++i) largest = x[i] > largest ? x[i] : largest;
  uint64_t sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += table[largest - x[i]];
  if (sum == 0) sum = 1;
  for (int64_t i = 0; i < n; ++i) {
    uint64_t share = (table[largest - x[i]] * p.inverse + sum / 2) / sum;
    int64_t v = static_cast<int64_t>(share) + p.zero_point;
    y[i] = static_cast<int8_t>(v < -128 ? -128 : v > 127 ? 127 : v);
  }
}

void softmax_s8_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const auto& p = *static_cast<const Params*>(call.params);
  const auto* table = call.in(1).as<uint32_t>();
  for_rows<int8_t>(call, tile, [&](const int8_t* x, int8_t* y, int64_t n) {
    softmax_row_s8(x, y, n, table, p);
  });
}

constexpr Kernel kKernels[] = {
#include "ops/softmax/kernels.inc"
};

}  // namespace

extern const Operator softmax_operator;
extern const Kernel softmax_f64;

const Operator softmax_operator = {
    .code = op_code::softmax,
    .name = "softmax",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Softmax),
    .attributes_bytes = sizeof(SoftmaxAttrs),
    .min_inputs = 1,
    .max_inputs = 2,
    .in_place = 1,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel softmax_f64 = {.name = "softmax_f64_reference",
                            .reference = true,
                            .accepts = is_f64,
                            .tiles = tiles,
                            .run = softmax_reference<double>};

}  // namespace mote
