// y = condition ? a : b with broadcasting (NUMERICS.md, 18.4).
#include "base/interval.h"
#include "kernels/binary/broadcast_many.h"
#include "mote_generated.h"
#include "ops/check.h"
#include "ops/elementwise.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

enum Input { kCondition, kA, kB };

Status read(const void*, void*) { return {}; }

Status check(const OpView& v) {
  if (v.in(kCondition).type != Type::boolean) return error(Code::operand_type, 8, kCondition);
  MOTE_TRY(check_same_type(v, kA, kB));
  MOTE_TRY(check_output_type(v, v.in(kA).type));
  MOTE_TRY(check_same_quantization(v.in(kA), kA, v.in(kB), kB));
  MOTE_TRY(check_same_quantization(v.in(kA), kA, v.out(), 3));
  return v.out().quantization.scale_count <= 1 ? Status{}
                                               : error(Code::per_channel_not_allowed, 0, 3);
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  ShapeBounds values;
  MOTE_TRY(broadcast_shapes(in[kA], in[kB], &values));
  return broadcast_shapes(in[kCondition], values, &out[0]);
}

// T: an unsigned integer of the element's size.
template <class T>
void select_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const uint8_t* condition = call.in(kCondition).as<uint8_t>();
  const T *a = call.in(kA).as<T>(), *b = call.in(kB).as<T>();
  T* y = call.out().as<T>();
  const Shape* const shapes[] = {&call.in(kCondition).shape, &call.in(kA).shape,
                                 &call.in(kB).shape};
  auto broadcast = make_broadcast_many(shapes, call.out().shape);
  Range range = elementwise_range(call, tile);
  for_each_row(broadcast, range.begin, range.end,
               [&](const int64_t(&at)[3], const int64_t(&step)[3], int64_t to, int64_t n) {
                 MOTE_INDEPENDENT
                 for (int64_t i = 0; i < n; ++i)
                   y[to + i] = condition[at[0] + i * step[0]] != 0 ? a[at[1] + i * step[1]]
                                                                   : b[at[2] + i * step[2]];
               });
}

template <size_t Bytes>
bool has_bytes(const OpView& v) {
  return type_bytes(v.out().type) == Bytes;
}

constexpr Kernel kKernels[] = {
#include "ops/select/kernels.inc"
};

}  // namespace

extern const Operator select_operator;
extern const Kernel select_f64;

const Operator select_operator = {
    .code = op_code::select,
    .name = "select",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::NoAttributes),
    .min_inputs = 3,
    .max_inputs = 3,
    .in_place = 6,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel select_f64 = {.name = "select_f64_reference",
                           .reference = true,
                           .accepts = [](const OpView& v) { return v.out().type == Type::float64; },
                           .tiles = elementwise_tiles,
                           .run = select_reference<uint64_t>};

}  // namespace mote
