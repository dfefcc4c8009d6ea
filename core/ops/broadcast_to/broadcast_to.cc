// x repeated to another tensor's shape (NUMERICS.md, 10).
#include "base/interval.h"
#include "kernels/binary/broadcast.h"
#include "mote_generated.h"
#include "ops/elementwise.h"
#include "ops/movement.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

Status read(const void*, void*) { return {}; }

Status check(const OpView& v) { return check_movement(v); }

// A size of 1, or the size wanted.
Status check_dim(Dim from, Dim to) {
  if (from.min == 1) return {};
  Dim common;
  return equal_dims(from, to, &common);
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const ShapeBounds &x = in[0], &like = in[1];
  if (x.rank > like.rank) return error(Code::operand_rank, like.rank, x.rank);
  for (int i = 1; i <= x.rank; ++i)
    MOTE_TRY(check_dim(x.dims[x.rank - i], like.dims[like.rank - i]));
  out[0] = like;
  return {};
}

template <class T>
void copy_rows(const KernelCall& call, uint32_t tile) {
  const T* x = call.in(0).as<T>();
  T* y = call.out().as<T>();
  const Shape& to = call.out().shape;
  Range range = elementwise_range(call, tile);
  for_each_row(make_broadcast(call.in(0).shape, to, to), range.begin, range.end,
               [&](const BroadcastRow& r) {
                 const T* from = x + r.a;
                 for (int64_t i = 0; i < r.n; ++i) y[r.y + i] = from[i * r.a_step];
               });
}

void broadcast_to(const KernelCall& call, uint32_t tile, uint32_t) {
  switch (element_bytes(call.out())) {
    case 1:
      return copy_rows<uint8_t>(call, tile);
    case 2:
      return copy_rows<uint16_t>(call, tile);
    case 4:
      return copy_rows<uint32_t>(call, tile);
    default:
      return copy_rows<uint64_t>(call, tile);
  }
}

constexpr Kernel kKernels[] = {
#include "ops/broadcast_to/kernels.inc"
};

}  // namespace

extern const Operator broadcast_to_operator;
extern const Kernel broadcast_to_f64;

const Operator broadcast_to_operator = {
    .code = op_code::broadcast_to,
    .name = "broadcast_to",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::NoAttributes),
    .min_inputs = 2,
    .max_inputs = 2,
    .shape_inputs = 2,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel broadcast_to_f64 = {.name = "broadcast_to_f64_reference",
                                 .reference = true,
                                 .accepts = any_type,
                                 .tiles = elementwise_tiles,
                                 .run = broadcast_to};

}  // namespace mote
