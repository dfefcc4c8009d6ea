// The same elements in another shape.
#include "base/interval.h"
#include "mote_generated.h"
#include "ops/copy.h"
#include "ops/movement.h"
#include "ops/op_codes.h"
#include "ops/reshape/attributes.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::Reshape*>(table);
  auto& out = *static_cast<ReshapeAttrs*>(attrs);
  return read_array("shape", in.shape(), out.shape, &out.count);
}

Status check(const OpView& v) {
  const auto& a = v.attributes<ReshapeAttrs>();
  MOTE_TRY(check_attribute("shape", a.count, 0, kMaxRank));
  int32_t open = 0;
  for (int i = 0; i < a.count; ++i) {
    MOTE_TRY(check_attribute("shape", a.shape[i], -1, INT32_MAX));
    if (a.shape[i] == 0 && i >= v.in(0).bounds.rank)
      return error(Code::attribute_range, 1, 0, "shape");
    open += a.shape[i] == -1 ? 1 : 0;
  }
  if (open > 1) return error(Code::attribute_range, 1, -1, "shape");
  return check_movement(v);
}

// Elements of the input that the dimensions kept by a 0 do not account for: they are to be spread
// over the others. Kept dimensions cancel, so that a dynamic batch does not widen the rest.
Count elements_to_spread(const ReshapeAttrs& a, const ShapeBounds& in) {
  ShapeBounds others = in;
  for (int i = 0; i < a.count; ++i)
    if (a.shape[i] == 0) others.dims[i] = {};
  return element_count(others);
}

// The dimension of the -1: elements / known, which must be an integer.
Status open_dim(Count elements, int64_t known, Dim* out) {
  int64_t least = (elements.min - 1) / known + 1, most = elements.max / known;
  if (least > most) return error(Code::shape_elements, elements.max, known);
  return make_dim(least, most, out);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const auto& a = v.attributes<ReshapeAttrs>();
  int64_t known = 1;
  int open = -1;
  out[0].rank = a.count;
  for (int i = 0; i < a.count; ++i) {
    if (a.shape[i] == 0) {
      if (i >= in[0].rank) return error(Code::operand_rank, i + 1, in[0].rank);
      out[0].dims[i] = in[0].dims[i];
    } else if (a.shape[i] < 0) {
      open = i;
    } else {
      out[0].dims[i] = {a.shape[i], a.shape[i]};
      if (!checked_mul(known, a.shape[i], &known))
        return error(Code::shape_too_large, kMaxDim, a.shape[i]);
    }
  }
  Count elements = elements_to_spread(a, in[0]);
  if (elements.max == INT64_MAX) return error(Code::shape_too_large, kMaxDim, elements.max);
  if (open >= 0) return open_dim(elements, known, &out[0].dims[open]);
  if (known < elements.min || known > elements.max)
    return error(Code::shape_elements, elements.max, known);
  return {};
}

constexpr Kernel kKernels[] = {
#include "ops/reshape/kernels.inc"
};

}  // namespace

extern const Operator reshape_operator;
extern const Kernel reshape_f64;

const Operator reshape_operator = {
    .code = op_code::reshape,
    .name = "reshape",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Reshape),
    .attributes_bytes = sizeof(ReshapeAttrs),
    .flags = kView,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel reshape_f64 = {.name = "reshape_f64_reference",
                            .reference = true,
                            .accepts = any_type,
                            .tiles = copy_tiles,
                            .run = copy_bytes};

}  // namespace mote
