// y = x[begin:end:stride] per dimension (NUMERICS.md, 10.1).
#include "base/interval.h"
#include "kernels/move/strided_copy.h"
#include "mote_generated.h"
#include "ops/movement.h"
#include "ops/op_codes.h"
#include "ops/strided_slice/attributes.h"
#include "ops/tiles.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::StridedSlice*>(table);
  auto& out = *static_cast<StridedSliceAttrs*>(attrs);
  MOTE_TRY(read_array("begin", in.begin(), out.begin, &out.count));
  int32_t ends = 0, strides = 0;
  MOTE_TRY(read_array("end", in.end(), out.end, &ends));
  MOTE_TRY(read_array("strides", in.strides(), out.strides, &strides));
  if (ends != out.count) return error(Code::attribute_count, out.count, ends, "end");
  if (strides != out.count) return error(Code::attribute_count, out.count, strides, "strides");
  out.begin_mask = in.begin_mask();
  out.end_mask = in.end_mask();
  out.shrink_mask = in.shrink_mask();
  return {};
}

Status check(const OpView& v) {
  const auto& a = v.attributes<StridedSliceAttrs>();
  int32_t rank = v.in(0).bounds.rank;
  MOTE_TRY(check_attribute("begin", a.count, 0, rank < kMaxRank ? rank : kMaxRank));
  for (int i = 0; i < a.count; ++i)
    if (a.strides[i] == 0) return error(Code::attribute_range, 1, 0, "strides");
  int64_t masks = (int64_t{1} << a.count) - 1;
  MOTE_TRY(check_attribute("begin_mask", a.begin_mask, 0, masks));
  MOTE_TRY(check_attribute("end_mask", a.end_mask, 0, masks));
  MOTE_TRY(check_attribute("shrink_mask", a.shrink_mask, 0, masks));
  return check_movement(v);
}

bool has_bit(uint32_t mask, int i) { return (mask >> i & 1) != 0; }

int64_t clamp_index(int64_t v, int64_t size, int64_t lo, int64_t hi) {
  if (v < 0) v += size;
  return v < lo ? lo : (v > hi ? hi : v);
}

// What is taken of a dimension: `count` places from `begin`. A count of 0: nothing.
struct Taken {
  int64_t begin, stride, count;
};
Taken taken(const StridedSliceAttrs& a, int i, int64_t size) {
  if (i >= a.count) return {0, 1, size};
  int64_t t = a.strides[i];
  if (has_bit(a.shrink_mask, i)) {
    int64_t at = a.begin[i] < 0 ? a.begin[i] + size : a.begin[i];
    return {at, 1, at >= 0 && at < size ? 1 : 0};
  }
  bool all_before = has_bit(a.begin_mask, i), all_after = has_bit(a.end_mask, i);
  if (t > 0) {
    int64_t b = all_before ? 0 : clamp_index(a.begin[i], size, 0, size);
    int64_t e = all_after ? size : clamp_index(a.end[i], size, 0, size);
    return {b, t, e > b ? (e - b - 1) / t + 1 : 0};
  }
  int64_t b = all_before ? size - 1 : clamp_index(a.begin[i], size, -1, size - 1);
  int64_t e = all_after ? -1 : clamp_index(a.end[i], size, -1, size - 1);
  return {b, t, b > e ? (b - e - 1) / -t + 1 : 0};
}

// As a function of the size, end - begin is piecewise linear; it bends only where begin or end
// meets a border, so the extremes over an interval lie at its ends or at one of the bends.
Status taken_dim(const StridedSliceAttrs& a, int i, Dim in, Dim* out) {
  int64_t least = INT64_MAX, most = 0;
  auto visit = [&](int64_t size) {
    if (size < in.min || size > in.max) return;
    int64_t n = taken(a, i, size).count;
    least = n < least ? n : least;
    most = n > most ? n : most;
  };
  visit(in.min);
  visit(in.max);
  if (i < a.count) {
    const int64_t bends[] = {a.begin[i], a.end[i]};
    for (int64_t bend : bends)
      for (int64_t near = -1; near <= 1; ++near) visit((bend < 0 ? -bend : bend) + near);
  }
  return make_dim(least, most, out);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const auto& a = v.attributes<StridedSliceAttrs>();
  if (in[0].rank < a.count) return error(Code::operand_rank, a.count, in[0].rank);
  out[0].rank = 0;
  for (int i = 0; i < in[0].rank; ++i) {
    Dim d;
    MOTE_TRY(taken_dim(a, i, in[0].dims[i], &d));
    if (!has_bit(a.shrink_mask, i)) out[0].dims[out[0].rank++] = d;
  }
  return {};
}

// Also the byte offset of the first element.
CopyPlan plan(const KernelCall& call, int64_t* offset) {
  const auto& a = call.attributes<StridedSliceAttrs>();
  const Tensor& x = call.in(0);
  int64_t in[kMaxRank], bytes = element_bytes(x), out[kMaxRank], out_stride = bytes;
  row_major_strides(x.shape, in);
  Taken t[kMaxRank];
  for (int i = x.shape.rank - 1; i >= 0; --i) {
    t[i] = taken(a, i, x.dim(i));
    out[i] = out_stride;
    out_stride *= t[i].count;
  }
  StridedBox box;
  *offset = 0;
  for (int i = 0; i < x.shape.rank; ++i) {
    *offset += t[i].begin * in[i] * bytes;
    // With one place the stride is never taken, and its product might not fit.
    if (t[i].count > 1) box.add(t[i].count, t[i].stride * in[i] * bytes, out[i]);
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
#include "ops/strided_slice/kernels.inc"
};

}  // namespace

extern const Operator strided_slice_operator;
extern const Kernel strided_slice_f64;

const Operator strided_slice_operator = {
    .code = op_code::strided_slice,
    .name = "strided_slice",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::StridedSlice),
    .attributes_bytes = sizeof(StridedSliceAttrs),
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel strided_slice_f64 = {.name = "strided_slice_f64_reference",
                                  .reference = true,
                                  .accepts = any_type,
                                  .tiles = tiles,
                                  .run = run};

}  // namespace mote
