// y = x[.., indices, ..] along an axis (NUMERICS.md, 10.3).
#include <cstring>

#include "ops/gather/layout.h"
#include "ops/op_codes.h"
#include "ops/tiles.h"

namespace mote {
namespace {

using namespace gathering;

Status check(const OpView& v) {
  MOTE_TRY(check_operands(v.attributes<GatherAttrs>(), v.in(0), v.in(1)));
  return check_movement(v);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  return gathered_shape(v.attributes<GatherAttrs>(), in[0], in[1], &out[0]);
}

Layout layout(const KernelCall& call) {
  Layout l = layout_of(call.attributes<GatherAttrs>(), call.in(0).shape, call.in(1).shape);
  l.item *= element_bytes(call.in(0));
  return l;
}

uint32_t tiles(const KernelCall& call) {
  Layout l = layout(call);
  return Tiling(l.items, l.item).count();
}

template <class Index>
Status check_data(const KernelCall& call) {
  return check_indices<Index>(call.in(1), call.in(0).dim(call.attributes<GatherAttrs>().axis));
}

// Item `k` of `x`, an array of items, for each k of the indices.
template <class Index>
void copy_items(const uint8_t* x, int64_t item, const Index* indices, int64_t n, uint8_t* y) {
  auto bytes = static_cast<size_t>(item);
  // A known size makes the copy one move.
  auto copy = [&](auto size) {
    for (int64_t i = 0; i < n; ++i) memcpy(y + i * item, x + indices[i] * item, size());
  };
  switch (item) {
    case 1:
      return copy([] { return size_t{1}; });
    case 4:
      return copy([] { return size_t{4}; });
    case 8:
      return copy([] { return size_t{8}; });
    default:
      return copy([bytes] { return bytes; });
  }
}

template <class Index>
void gather(const KernelCall& call, uint32_t tile, uint32_t) {
  Layout l = layout(call);
  Range r = Tiling(l.items, l.item).range(tile);
  const uint8_t* x = call.in(0).as<uint8_t>();
  const Index* indices = call.in(1).as<Index>();
  uint8_t* y = call.out().as<uint8_t>();
  for (int64_t at = r.begin; at < r.end;) {
    int64_t outer = at / l.count, first = at % l.count;  // outer: batch and middle
    int64_t n = r.end - at < l.count - first ? r.end - at : l.count - first;
    copy_items(x + outer * l.size * l.item, l.item, indices + outer / l.middle * l.count + first, n,
               y + at * l.item);
    at += n;
  }
}

bool has_s32_indices(const OpView& v) { return v.in(1).type == Type::int32; }
bool has_s64_indices(const OpView& v) { return v.in(1).type == Type::int64; }

// Both types of indices in one row.
bool is_s32(const KernelCall& call) { return call.in(1).type() == Type::int32; }
Status check_any_data(const KernelCall& call) {
  return is_s32(call) ? check_data<int32_t>(call) : check_data<int64_t>(call);
}
void gather_any(const KernelCall& call, uint32_t tile, uint32_t worker) {
  return is_s32(call) ? gather<int32_t>(call, tile, worker) : gather<int64_t>(call, tile, worker);
}

constexpr Kernel kKernels[] = {
#include "ops/gather/kernels.inc"
};

}  // namespace

extern const Operator gather_operator;
extern const Kernel gather_f64;

const Operator gather_operator = {
    .code = op_code::gather,
    .name = "gather",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Gather),
    .attributes_bytes = sizeof(GatherAttrs),
    .min_inputs = 2,
    .max_inputs = 2,
    .flags = kFallible,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel gather_f64 = {.name = "gather_f64_reference",
                           .reference = true,
                           .accepts = any_type,
                           .check_data = check_any_data,
                           .tiles = tiles,
                           .run = gather_any};

}  // namespace mote
