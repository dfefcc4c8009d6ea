// The inputs one after the other along an axis.
#include <cstring>

#include "base/interval.h"
#include "kernels/move/strided_copy.h"
#include "mote_generated.h"
#include "ops/concat/attributes.h"
#include "ops/movement.h"
#include "ops/op_codes.h"
#include "ops/tiles.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::Concat*>(table);
  auto& out = *static_cast<ConcatAttrs*>(attrs);
  out.axis = in.axis();
  out.activation = static_cast<int32_t>(in.activation());
  return {};
}

Status check(const OpView& v) {
  const auto& a = v.attributes<ConcatAttrs>();
  MOTE_TRY(check_axis(a.axis, v.in(0).bounds.rank));
  MOTE_TRY(check_attribute("activation", a.activation, kMoteActivationNone, kMoteActivationNone));
  for (size_t i = 0; i < v.inputs.size; ++i) {
    MOTE_TRY(check_rank(v.in(i), v.in(0).bounds.rank));
    MOTE_TRY(check_movement(v, i));
  }
  return {};
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  int32_t axis = v.attributes<ConcatAttrs>().axis;
  out[0] = in[0];
  int64_t least = 0, most = 0;
  for (size_t i = 0; i < in.size; ++i) {
    if (in[i].rank != in[0].rank) return error(Code::operand_rank, in[0].rank, in[i].rank);
    for (int d = 0; d < in[0].rank; ++d)
      if (d != axis) MOTE_TRY(equal_dims(out[0].dims[d], in[i].dims[d], &out[0].dims[d]));
    least += in[i].dims[axis].min;
    most += in[i].dims[axis].max;
  }
  return make_dim(least, most, &out[0].dims[axis]);
}

// The output as rows: what lies at one place of the dimensions before the axis.
struct Rows {
  int64_t count = 1;
  int64_t bytes = 1;  // of a row
};
Rows rows_of(const KernelCall& call) {
  const Tensor& y = call.out();
  Rows rows;
  for (int i = 0; i < call.attributes<ConcatAttrs>().axis; ++i) rows.count *= y.dim(i);
  rows.bytes = y.bytes() / rows.count;
  return rows;
}

// Short rows: a tile holds whole rows. Long ones: a tile is a range of the output's bytes.
bool short_rows(const Rows& rows) { return rows.bytes <= kTileBytes; }
Tiling tiling(const Rows& rows) {
  return short_rows(rows) ? Tiling(rows.count, rows.bytes) : Tiling(rows.count * rows.bytes, 1);
}

uint32_t tiles(const KernelCall& call) { return tiling(rows_of(call)).count(); }

void copy_rows(const KernelCall& call, const Rows& rows, Range r) {
  uint8_t* y = call.out().as<uint8_t>() + r.begin * rows.bytes;
  for (size_t i = 0; i < call.view->inputs.size; ++i) {
    int64_t bytes = call.in(i).bytes() / rows.count;
    StridedBox box;
    box.add(r.end - r.begin, bytes, rows.bytes);
    box.add(bytes, 1, 1);
    CopyPlan p = plan_copy(box, 1);
    copy_units(p, call.in(i).as<uint8_t>() + r.begin * bytes, y, 0, p.units);
    y += bytes;
  }
}

void copy_range(const KernelCall& call, const Rows& rows, Range r) {
  uint8_t* y = call.out().as<uint8_t>();
  for (int64_t at = r.begin; at < r.end;) {
    int64_t row = at / rows.bytes, start = row * rows.bytes;
    for (size_t i = 0; i < call.view->inputs.size && at < r.end; ++i) {
      int64_t bytes = call.in(i).bytes() / rows.count;
      int64_t end = start + bytes < r.end ? start + bytes : r.end;
      if (at < end) {
        memcpy(y + at, call.in(i).as<uint8_t>() + row * bytes + (at - start),
               static_cast<size_t>(end - at));
        at = end;
      }
      start += bytes;
    }
  }
}

void run(const KernelCall& call, uint32_t tile, uint32_t) {
  Rows rows = rows_of(call);
  Range r = tiling(rows).range(tile);
  if (short_rows(rows)) {
    copy_rows(call, rows, r);
  } else {
    copy_range(call, rows, r);
  }
}

constexpr Kernel kKernels[] = {
#include "ops/concat/kernels.inc"
};

}  // namespace

extern const Operator concat_operator;
extern const Kernel concat_f64;

const Operator concat_operator = {
    .code = op_code::concat,
    .name = "concat",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Concat),
    .attributes_bytes = sizeof(ConcatAttrs),
    .min_inputs = 1,
    .max_inputs = 65535,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel concat_f64 = {.name = "concat_f64_reference",
                           .reference = true,
                           .accepts = any_type,
                           .tiles = tiles,
                           .run = run};

}  // namespace mote
