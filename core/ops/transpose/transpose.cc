// y[j] = x[i] with i[permutation[d]] = j[d].
#include "kernels/move/strided_copy.h"
#include "mote_generated.h"
#include "ops/movement.h"
#include "ops/op_codes.h"
#include "ops/tiles.h"
#include "ops/transpose/attributes.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::Transpose*>(table);
  auto& out = *static_cast<TransposeAttrs*>(attrs);
  return read_array("permutation", in.permutation(), out.permutation, &out.count);
}

Status check(const OpView& v) {
  const auto& a = v.attributes<TransposeAttrs>();
  int32_t rank = v.in(0).bounds.rank;
  if (a.count != rank) return error(Code::attribute_count, rank, a.count, "permutation");
  uint32_t seen = 0;
  for (int i = 0; i < rank; ++i) {
    MOTE_TRY(check_attribute("permutation", a.permutation[i], 0, rank - 1));
    seen |= 1u << a.permutation[i];
  }
  if (seen != (1u << rank) - 1) return error(Code::attribute_range, 0, rank, "permutation");
  return check_movement(v);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const auto& a = v.attributes<TransposeAttrs>();
  if (in[0].rank != a.count) return error(Code::operand_rank, a.count, in[0].rank);
  out[0].rank = a.count;
  for (int i = 0; i < a.count; ++i) out[0].dims[i] = in[0].dims[a.permutation[i]];
  return {};
}

CopyPlan plan(const KernelCall& call) {
  const auto& a = call.attributes<TransposeAttrs>();
  int64_t in[kMaxRank], out[kMaxRank], bytes = element_bytes(call.in(0));
  row_major_strides(call.in(0).shape, in);
  row_major_strides(call.out().shape, out);
  StridedBox box;
  for (int i = 0; i < a.count; ++i)
    box.add(call.out().dim(i), in[a.permutation[i]] * bytes, out[i] * bytes);
  return plan_copy(box, bytes);
}

uint32_t tiles(const KernelCall& call) {
  CopyPlan p = plan(call);
  return Tiling(p.units, p.unit_bytes).count();
}

void run(const KernelCall& call, uint32_t tile, uint32_t) {
  CopyPlan p = plan(call);
  Range r = Tiling(p.units, p.unit_bytes).range(tile);
  copy_units(p, call.in(0).as<uint8_t>(), call.out().as<uint8_t>(), r.begin, r.end);
}

constexpr Kernel kKernels[] = {
#include "ops/transpose/kernels.inc"
};

}  // namespace

extern const Operator transpose_operator;
extern const Kernel transpose_f64;

const Operator transpose_operator = {
    .code = op_code::transpose,
    .name = "transpose",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Transpose),
    .attributes_bytes = sizeof(TransposeAttrs),
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel transpose_f64 = {.name = "transpose_f64_reference",
                              .reference = true,
                              .accepts = any_type,
                              .tiles = tiles,
                              .run = run};

}  // namespace mote
