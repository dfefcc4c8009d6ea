// x with updates at indices along an axis, element by element (NUMERICS.md, 19.9).
#include "ops/line_indices.h"
#include "ops/op_codes.h"
#include "ops/scatter.h"

namespace mote {
namespace {

using scattering::read;

Status check(const OpView& v) {
  MOTE_TRY(check_axis(v.attributes<ScatterAttrs>().axis, v.in(0).bounds.rank));
  return scattering::check_operands(v);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  ShapeBounds common;
  MOTE_TRY(check_line_shapes(v.attributes<ScatterAttrs>().axis, in[0], in[1], &common));
  if (in[2].rank != in[1].rank) return error(Code::operand_rank, in[1].rank, in[2].rank);
  for (int i = 0; i < common.rank; ++i) {
    Dim d;
    MOTE_TRY(equal_dims(common.dims[i], in[2].dims[i], &d));
  }
  out[0] = in[0];
  return {};
}

LineLayout layout_of(const KernelCall& call) {
  return {call.in(0), call.in(1), call.attributes<ScatterAttrs>().axis};
}

Status check_data(const KernelCall& call) {
  return check_line_data(call.in(0), call.in(1), call.attributes<ScatterAttrs>().axis);
}

// A unit: the updates of one place before the axis, whose order counts.
Tiling tiling(const KernelCall& call) {
  LineLayout l = layout_of(call);
  return {l.rows / l.rows_per_unit(), l.rows_per_unit() * l.n * element_bytes(call.in(0))};
}
uint32_t tiles(const KernelCall& call) { return tiling(call).count(); }

// (19.14)
template <class T, class Step>
void scatter(const KernelCall& call, Range units, Step step) {
  LineLayout l = layout_of(call);
  Indices indices(call.in(1));
  for (int64_t row = units.begin * l.rows_per_unit(); row < units.end * l.rows_per_unit(); ++row) {
    T* y = call.out().as<T>() + l.base(row);
    const T* updates = call.in(2).as<T>() + row * l.n;
    for (int64_t j = 0; j < l.n; ++j) {
      T& at = y[indices[row * l.n + j] * l.axis_stride + j * l.step];
      at = step(at, updates[j]);
    }
  }
}

void run(const KernelCall& call, uint32_t tile, uint32_t) {
  Range r = tiling(call).range(tile);
  scattering::with_type_and_step(call,
                                 [&](auto t, auto step) { scatter<decltype(t)>(call, r, step); });
}

constexpr Kernel kKernels[] = {
#include "ops/scatter_elements/kernels.inc"
};

}  // namespace

extern const Operator scatter_elements_operator;
extern const Kernel scatter_elements_f64;

const Operator scatter_elements_operator = {
    .code = op_code::scatter_elements,
    .name = "scatter_elements",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Scatter),
    .attributes_bytes = sizeof(ScatterAttrs),
    .min_inputs = 3,
    .max_inputs = 3,
    .flags = kFallible,
    .in_place = 1,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel scatter_elements_f64 = {.name = "scatter_elements_f64_reference",
                                     .reference = true,
                                     .accepts = any_type,
                                     .check_data = check_data,
                                     .tiles = tiles,
                                     .run = run,
                                     .before = {copy_tiles, copy_bytes}};

}  // namespace mote
