// The first elements of each sequence in reverse (NUMERICS.md, 19.7).
#include <cstring>

#include "mote_generated.h"
#include "ops/indices.h"
#include "ops/movement.h"
#include "ops/op_codes.h"
#include "ops/reverse_sequence/attributes.h"
#include "ops/tiles.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::ReverseSequence*>(table);
  auto& out = *static_cast<ReverseSequenceAttrs*>(attrs);
  out.batch_axis = in.batch_axis();
  out.sequence_axis = in.sequence_axis();
  return {};
}

Status check(const OpView& v) {
  const auto& a = v.attributes<ReverseSequenceAttrs>();
  int32_t rank = v.in(0).bounds.rank;
  if (rank < 2) return error(Code::operand_rank, 2, rank);
  MOTE_TRY(check_attribute("batch_axis", a.batch_axis, 0, rank - 1));
  MOTE_TRY(check_attribute("sequence_axis", a.sequence_axis, 0, rank - 1));
  if (a.batch_axis == a.sequence_axis)
    return error(Code::attribute_range, a.batch_axis == 0 ? 1 : 0, a.sequence_axis,
                 "sequence_axis");
  MOTE_TRY(check_index_operand(v, 1));
  MOTE_TRY(check_rank(v.in(1), 1));
  return check_movement(v);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const auto& a = v.attributes<ReverseSequenceAttrs>();
  int32_t last = a.batch_axis > a.sequence_axis ? a.batch_axis : a.sequence_axis;
  if (in[0].rank <= last) return error(Code::operand_rank, last + 1, in[0].rank);
  if (in[1].rank != 1) return error(Code::operand_rank, 1, in[1].rank);
  out[0] = in[0];
  return equal_dims(in[0].dims[a.batch_axis], in[1].dims[0], &out[0].dims[a.batch_axis]);
}

// x as units of the dimensions up to the later axis, each of `bytes`.
struct Layout {
  int64_t units = 1, bytes = 1;
  int64_t batch = 1, batch_stride = 1;  // strides in units
  int64_t sequence = 1, sequence_stride = 1;
};
Layout layout_of(const KernelCall& call) {
  const auto& a = call.attributes<ReverseSequenceAttrs>();
  const Tensor& x = call.in(0);
  Layout l;
  l.bytes = element_bytes(x);
  int32_t last = a.batch_axis > a.sequence_axis ? a.batch_axis : a.sequence_axis;
  for (int i = x.shape.rank - 1; i > last; --i) l.bytes *= x.dim(i);
  for (int i = last; i >= 0; --i) {
    if (i == a.batch_axis) l.batch_stride = l.units;
    if (i == a.sequence_axis) l.sequence_stride = l.units;
    l.units *= x.dim(i);
  }
  l.batch = x.dim(a.batch_axis);
  l.sequence = x.dim(a.sequence_axis);
  return l;
}

Status check_data(const KernelCall& call) {
  Indices lengths(call.in(1));
  int64_t most = layout_of(call).sequence;
  for (int64_t i = 0; i < lengths.count(); ++i) MOTE_TRY(check_index(lengths[i], most + 1));
  return {};
}

uint32_t tiles(const KernelCall& call) {
  Layout l = layout_of(call);
  return Tiling(l.units, l.bytes).count();
}

void run(const KernelCall& call, uint32_t tile, uint32_t) {
  Layout l = layout_of(call);
  Indices lengths(call.in(1));
  Range r = Tiling(l.units, l.bytes).range(tile);
  const uint8_t* x = call.in(0).as<uint8_t>();
  uint8_t* y = call.out().as<uint8_t>();
  for (int64_t u = r.begin; u < r.end; ++u) {
    int64_t at = u / l.sequence_stride % l.sequence;
    int64_t length = lengths[u / l.batch_stride % l.batch];
    int64_t from = at < length ? u + (length - 1 - 2 * at) * l.sequence_stride : u;
    memcpy(y + u * l.bytes, x + from * l.bytes, static_cast<size_t>(l.bytes));
  }
}

constexpr Kernel kKernels[] = {
#include "ops/reverse_sequence/kernels.inc"
};

}  // namespace

extern const Operator reverse_sequence_operator;
extern const Kernel reverse_sequence_f64;

const Operator reverse_sequence_operator = {
    .code = op_code::reverse_sequence,
    .name = "reverse_sequence",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::ReverseSequence),
    .attributes_bytes = sizeof(ReverseSequenceAttrs),
    .min_inputs = 2,
    .max_inputs = 2,
    .flags = kFallible,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel reverse_sequence_f64 = {.name = "reverse_sequence_f64_reference",
                                     .reference = true,
                                     .accepts = any_type,
                                     .check_data = check_data,
                                     .tiles = tiles,
                                     .run = run};

}  // namespace mote
