// y = x at indices along an axis, element by element (NUMERICS.md, 19.8).
#include "mote_generated.h"
#include "ops/element_sizes.h"
#include "ops/gather_elements/attributes.h"
#include "ops/line_indices.h"
#include "ops/op_codes.h"
#include "ops/tiles.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  static_cast<GatherElementsAttrs*>(attrs)->axis =
      static_cast<const file::GatherElements*>(table)->axis();
  return {};
}

Status check(const OpView& v) {
  MOTE_TRY(check_axis(v.attributes<GatherElementsAttrs>().axis, v.in(0).bounds.rank));
  MOTE_TRY(check_index_operand(v, 1));
  return check_movement(v);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  return check_line_shapes(v.attributes<GatherElementsAttrs>().axis, in[0], in[1], &out[0]);
}

LineLayout layout_of(const KernelCall& call) {
  return {call.in(0), call.in(1), call.attributes<GatherElementsAttrs>().axis};
}

Status check_data(const KernelCall& call) {
  return check_line_data(call.in(0), call.in(1), call.attributes<GatherElementsAttrs>().axis);
}

Tiling tiling(const KernelCall& call) {
  LineLayout l = layout_of(call);
  return {l.rows, l.n * element_bytes(call.in(0))};
}
uint32_t tiles(const KernelCall& call) { return tiling(call).count(); }

// (19.11)
template <class T>
void gather(const KernelCall& call, Range rows) {
  LineLayout l = layout_of(call);
  Indices indices(call.in(1));
  for (int64_t row = rows.begin; row < rows.end; ++row) {
    const T* x = call.in(0).as<T>() + l.base(row);
    T* y = call.out().as<T>() + row * l.n;
    for (int64_t j = 0; j < l.n; ++j) y[j] = x[indices[row * l.n + j] * l.axis_stride + j * l.step];
  }
}

void run(const KernelCall& call, uint32_t tile, uint32_t) {
  Range r = tiling(call).range(tile);
  with_unsigned(element_bytes(call.in(0)), [&](auto t) { gather<decltype(t)>(call, r); });
}

constexpr Kernel kKernels[] = {
#include "ops/gather_elements/kernels.inc"
};

}  // namespace

extern const Operator gather_elements_operator;
extern const Kernel gather_elements_f64;

const Operator gather_elements_operator = {
    .code = op_code::gather_elements,
    .name = "gather_elements",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::GatherElements),
    .attributes_bytes = sizeof(GatherElementsAttrs),
    .min_inputs = 2,
    .max_inputs = 2,
    .flags = kFallible,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel gather_elements_f64 = {.name = "gather_elements_f64_reference",
                                    .reference = true,
                                    .accepts = any_type,
                                    .check_data = check_data,
                                    .tiles = tiles,
                                    .run = run};

}  // namespace mote
