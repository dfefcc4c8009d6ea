// `on` where the index is, `off` elsewhere (NUMERICS.md, 19.5).
#include "base/interval.h"
#include "mote_generated.h"
#include "ops/element_sizes.h"
#include "ops/indices.h"
#include "ops/movement.h"
#include "ops/one_hot/attributes.h"
#include "ops/op_codes.h"
#include "ops/tiles.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::OneHot*>(table);
  auto& out = *static_cast<OneHotAttrs*>(attrs);
  out.axis = in.axis();
  out.depth = in.depth();
  return {};
}

Status check_value(const OpView& v, size_t i) {
  for (int d = 0; d < v.in(i).bounds.rank; ++d)
    if (v.in(i).bounds.dims[d].max != 1)
      return error(Code::operand_shape, 1, v.in(i).bounds.dims[d].max);
  return check_movement(v, i);
}

Status check(const OpView& v) {
  const auto& a = v.attributes<OneHotAttrs>();
  int32_t rank = v.in(0).bounds.rank;
  if (rank >= kMaxRank) return error(Code::operand_rank, kMaxRank - 1, rank);
  MOTE_TRY(check_attribute("axis", a.axis, 0, rank));
  MOTE_TRY(check_attribute("depth", a.depth, 1, INT32_MAX));
  MOTE_TRY(check_index_operand(v, 0));
  MOTE_TRY(check_value(v, 1));
  return check_value(v, 2);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const auto& a = v.attributes<OneHotAttrs>();
  if (in[0].rank < a.axis || in[0].rank >= kMaxRank)
    return error(Code::operand_rank, a.axis, in[0].rank);
  out[0].rank = 0;
  for (int i = 0; i <= in[0].rank; ++i)
    out[0].dims[out[0].rank++] =
        i == a.axis ? Dim{a.depth, a.depth} : in[0].dims[i < a.axis ? i : i - 1];
  return {};
}

int64_t inner_of(const KernelCall& call) {
  int64_t inner = 1;
  const Shape& indices = call.in(0).shape;
  for (int i = call.attributes<OneHotAttrs>().axis; i < indices.rank; ++i) inner *= indices.dims[i];
  return inner;
}

// A unit: the indices behind the axis.
Tiling tiling(const KernelCall& call) {
  int64_t units = call.in(0).elements() / inner_of(call);
  return {units, call.out().bytes() / units};
}
uint32_t tiles(const KernelCall& call) { return tiling(call).count(); }

// (19.8)
template <class T>
void expand(const KernelCall& call, Range units) {
  int64_t inner = inner_of(call), depth = call.attributes<OneHotAttrs>().depth;
  Indices indices(call.in(0));
  T on = *call.in(1).as<T>(), off = *call.in(2).as<T>();
  for (int64_t u = units.begin; u < units.end; ++u) {
    T* y = call.out().as<T>() + u * depth * inner;
    for (int64_t i = 0; i < depth * inner; ++i) y[i] = off;
    for (int64_t i = 0; i < inner; ++i) {
      int64_t index = indices[u * inner + i];
      if (index >= 0 && index < depth) y[index * inner + i] = on;
    }
  }
}

void run(const KernelCall& call, uint32_t tile, uint32_t) {
  Range r = tiling(call).range(tile);
  with_unsigned(element_bytes(call.out()), [&](auto t) { expand<decltype(t)>(call, r); });
}

constexpr Kernel kKernels[] = {
#include "ops/one_hot/kernels.inc"
};

}  // namespace

extern const Operator one_hot_operator;
extern const Kernel one_hot_f64;

const Operator one_hot_operator = {
    .code = op_code::one_hot,
    .name = "one_hot",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::OneHot),
    .attributes_bytes = sizeof(OneHotAttrs),
    .min_inputs = 3,
    .max_inputs = 3,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel one_hot_f64 = {.name = "one_hot_f64_reference",
                            .reference = true,
                            .accepts = any_type,
                            .tiles = tiles,
                            .run = run};

}  // namespace mote
