// Running sums along an axis (NUMERICS.md, 19.3).
#include "mote_generated.h"
#include "ops/cum_sum/attributes.h"
#include "ops/movement.h"
#include "ops/op_codes.h"
#include "ops/tiles.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::CumSum*>(table);
  auto& out = *static_cast<CumSumAttrs*>(attrs);
  out.axis = in.axis();
  out.exclusive = in.exclusive() ? 1 : 0;
  out.reverse = in.reverse() ? 1 : 0;
  return {};
}

Status check(const OpView& v) {
  const auto& a = v.attributes<CumSumAttrs>();
  MOTE_TRY(check_axis(a.axis, v.in(0).bounds.rank));
  MOTE_TRY(check_attribute("exclusive", a.exclusive, 0, 1));
  MOTE_TRY(check_attribute("reverse", a.reverse, 0, 1));
  Type type = v.in(0).type;
  if (type != Type::float32 && type != Type::int32 && type != Type::int64)
    return error(Code::operand_type, 0, 0);
  if (v.in(0).quantization.quantized()) return error(Code::quantization_unexpected, 0, 0);
  return check_movement(v);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const auto& a = v.attributes<CumSumAttrs>();
  if (in[0].rank <= a.axis) return error(Code::operand_rank, a.axis + 1, in[0].rank);
  out[0] = in[0];
  return {};
}

// A unit is a block of neighbouring sums: a few cache lines of each row.
constexpr int64_t kBlock = 256;
struct Layout {
  int64_t outer = 1, n = 1, inner = 1;
  int64_t blocks() const { return ceil_div(inner, kBlock); }
  int64_t width() const { return inner < kBlock ? inner : kBlock; }
};
Layout layout_of(const KernelCall& call) {
  const Shape& x = call.in(0).shape;
  int32_t axis = call.attributes<CumSumAttrs>().axis;
  Layout l;
  for (int i = 0; i < axis; ++i) l.outer *= x.dims[i];
  l.n = x.dims[axis];
  for (int i = axis + 1; i < x.rank; ++i) l.inner *= x.dims[i];
  return l;
}

Tiling tiling(const KernelCall& call) {
  Layout l = layout_of(call);
  return {l.outer * l.blocks(), l.n * l.width() * element_bytes(call.in(0))};
}
uint32_t tiles(const KernelCall& call) { return tiling(call).count(); }

// (19.6), `width` sums side by side; T unsigned for integers, which wrap.
template <class T>
void sum_block(const CumSumAttrs& a, const Layout& l, int64_t width, const T* x, T* y) {
  int64_t step = a.reverse != 0 ? -l.inner : l.inner;
  int64_t at = a.reverse != 0 ? (l.n - 1) * l.inner : 0;
  for (int64_t j = 0; j < width; ++j) y[at + j] = a.exclusive != 0 ? T(0) : x[at + j];
  for (int64_t i = 1; i < l.n; ++i) {
    int64_t before = at;
    at += step;
    const T* term = x + (a.exclusive != 0 ? before : at);
    for (int64_t j = 0; j < width; ++j) y[at + j] = y[before + j] + term[j];
  }
}

template <class T>
void run(const KernelCall& call, uint32_t tile, uint32_t) {
  Layout l = layout_of(call);
  Range r = tiling(call).range(tile);
  for (int64_t u = r.begin; u < r.end; ++u) {
    int64_t column = u % l.blocks() * kBlock, at = u / l.blocks() * l.n * l.inner + column;
    int64_t width = l.inner - column < kBlock ? l.inner - column : kBlock;
    sum_block(call.attributes<CumSumAttrs>(), l, width, call.in(0).as<T>() + at,
              call.out().as<T>() + at);
  }
}

template <Type kType>
bool is_type(const OpView& v) {
  return input_is(v, kType);
}

constexpr Kernel kKernels[] = {
#include "ops/cum_sum/kernels.inc"
};

}  // namespace

extern const Operator cum_sum_operator;
extern const Kernel cum_sum_f64;

const Operator cum_sum_operator = {
    .code = op_code::cum_sum,
    .name = "cum_sum",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::CumSum),
    .attributes_bytes = sizeof(CumSumAttrs),
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel cum_sum_f64 = {.name = "cum_sum_f64_reference",
                            .reference = true,
                            .accepts = is_f64,
                            .tiles = tiles,
                            .run = run<double>};

}  // namespace mote
