// The elements along some axes in reverse (NUMERICS.md, 19.7).
#include "kernels/move/strided_copy.h"
#include "mote_generated.h"
#include "ops/movement.h"
#include "ops/op_codes.h"
#include "ops/reverse/attributes.h"
#include "ops/tiles.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  auto& out = *static_cast<AxesAttrs*>(attrs);
  return read_array("axes", static_cast<const file::Axes*>(table)->axes(), out.axes, &out.count);
}

Status check(const OpView& v) {
  const auto& a = v.attributes<AxesAttrs>();
  int32_t rank = v.in(0).bounds.rank;
  if (a.count < 1 || a.count > rank) return error(Code::attribute_count, rank, a.count, "axes");
  for (int i = 0; i < a.count; ++i)
    MOTE_TRY(check_attribute("axes", a.axes[i], i == 0 ? 0 : a.axes[i - 1] + 1, rank - 1));
  return check_movement(v);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const auto& a = v.attributes<AxesAttrs>();
  int32_t last = a.axes[a.count - 1];
  if (in[0].rank <= last) return error(Code::operand_rank, last + 1, in[0].rank);
  out[0] = in[0];
  return {};
}

// Also the byte offset of the first element.
CopyPlan plan(const KernelCall& call, int64_t* offset) {
  const auto& a = call.attributes<AxesAttrs>();
  const Tensor& x = call.in(0);
  int64_t strides[kMaxRank], bytes = element_bytes(x);
  row_major_strides(x.shape, strides);
  StridedBox box;
  *offset = 0;
  int next = 0;
  for (int i = 0; i < x.shape.rank; ++i) {
    bool reversed = next < a.count && a.axes[next] == i;
    next += reversed;
    int64_t stride = strides[i] * bytes;
    if (reversed) *offset += (x.dim(i) - 1) * stride;
    box.add(x.dim(i), reversed ? -stride : stride, stride);
  }
  return plan_copy(box, bytes);
}

uint32_t tiles(const KernelCall& call) {
  int64_t offset;
  CopyPlan p = plan(call, &offset);
  return Tiling(p.units, p.unit_bytes).count();
}

void run(const KernelCall& call, uint32_t tile, uint32_t) {
  int64_t offset;
  CopyPlan p = plan(call, &offset);
  Range r = Tiling(p.units, p.unit_bytes).range(tile);
  copy_units(p, call.in(0).as<uint8_t>() + offset, call.out().as<uint8_t>(), r.begin, r.end);
}

constexpr Kernel kKernels[] = {
#include "ops/reverse/kernels.inc"
};

}  // namespace

extern const Operator reverse_operator;
extern const Kernel reverse_f64;

const Operator reverse_operator = {
    .code = op_code::reverse,
    .name = "reverse",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Axes),
    .attributes_bytes = sizeof(AxesAttrs),
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel reverse_f64 = {.name = "reverse_f64_reference",
                            .reference = true,
                            .accepts = any_type,
                            .tiles = tiles,
                            .run = run};

}  // namespace mote
