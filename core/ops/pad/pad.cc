// x with a border of one value, or of elements of x (NUMERICS.md, 10.2 and 19.2).
#include <cstring>

#include "base/interval.h"
#include "base/requantize.h"
#include "mote_generated.h"
#include "ops/activation_range.h"
#include "ops/movement.h"
#include "ops/op_codes.h"
#include "ops/pad/attributes.h"
#include "ops/tiles.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::Pad*>(table);
  auto& out = *static_cast<PadAttrs*>(attrs);
  out.mode = static_cast<int32_t>(in.mode());
  out.value = in.value();
  MOTE_TRY(read_array("before", in.before(), out.before, &out.count));
  int32_t count = 0;
  MOTE_TRY(read_array("after", in.after(), out.after, &count));
  return count == out.count ? Status{} : error(Code::attribute_count, out.count, count, "after");
}

Status check_integer_value(float value, int64_t lo, int64_t hi) {
  // Every integer up to 2^24 is a float32.
  constexpr float kLimit = 0x1p24f;
  if (!(value >= -kLimit && value <= kLimit)) return error(Code::attribute_range, 0, -1, "value");
  auto integer = static_cast<int64_t>(value);
  if (static_cast<float>(integer) != value)
    return error(Code::attribute_range, integer, integer, "value");
  return check_attribute("value", integer, lo, hi);
}

Status check_value(const TensorInfo& x, float value) {
  bool nan = value != value;
  switch (x.type) {
    case Type::float32:
      return {};
    case Type::boolean:
      return nan ? error(Code::attribute_range, 0, -1, "value") : Status{};
    case Type::int32:
    case Type::int64:
      return check_integer_value(value, INT32_MIN, INT32_MAX);
    case Type::int8:
    case Type::uint8: {
      if (x.quantization.quantized())
        return nan ? error(Code::attribute_range, 0, -1, "value") : Status{};
      StoredRange r = type_range(x.type);
      return check_integer_value(value, r.lo, r.hi);
    }
    default:
      // Types without arithmetic: a zero is all that they are filled with.
      return value == 0 ? Status{} : error(Code::attribute_range, 0, value > 0 ? 1 : -1, "value");
  }
}

Status check(const OpView& v) {
  const auto& a = v.attributes<PadAttrs>();
  int32_t rank = v.in(0).bounds.rank;
  MOTE_TRY(check_attribute("mode", a.mode, kMotePadConstant, kMotePadWrap));
  if (a.count != rank) return error(Code::attribute_count, rank, a.count, "before");
  for (int i = 0; i < rank; ++i) {
    MOTE_TRY(check_attribute("before", a.before[i], 0, INT32_MAX));
    MOTE_TRY(check_attribute("after", a.after[i], 0, INT32_MAX));
  }
  MOTE_TRY(check_movement(v));
  return check_value(v.in(0), a.value);
}

// The smallest size that is mirrored once at most.
int64_t least_size(const PadAttrs& a, int i) {
  int64_t most = a.before[i] > a.after[i] ? a.before[i] : a.after[i];
  if (a.mode == kMotePadReflect) return most + 1;
  return a.mode == kMotePadSymmetric && most > 0 ? most : 1;
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const auto& a = v.attributes<PadAttrs>();
  if (in[0].rank != a.count) return error(Code::operand_rank, a.count, in[0].rank);
  out[0].rank = a.count;
  for (int i = 0; i < a.count; ++i) {
    int64_t border = int64_t{a.before[i]} + a.after[i], least = least_size(a, i);
    if (in[0].dims[i].max < least)
      return error(Code::shape_incompatible, in[0].dims[i].max, border);
    if (in[0].dims[i].min > least) least = in[0].dims[i].min;
    MOTE_TRY(make_dim(least + border, in[0].dims[i].max + border, &out[0].dims[i]));
  }
  return {};
}

// The fill's bytes, repeated over eight.
struct Params {
  uint8_t fill[8];
  bool uniform;  // all bytes are equal
};

template <class T>
void set_fill(Params* p, T value) {
  for (size_t i = 0; i < sizeof p->fill; i += sizeof value)
    memcpy(p->fill + i, &value, sizeof value);
}

void set_fill(Params* p, const TensorInfo& x, float value) {
  switch (x.type) {
    case Type::float32:
      return set_fill(p, value);
    case Type::float64:
      return set_fill(p, static_cast<double>(value));
    case Type::boolean:
      return set_fill(p, static_cast<uint8_t>(value != 0));
    case Type::int32:
      return set_fill(p, static_cast<int32_t>(value));
    case Type::int64:
      return set_fill(p, static_cast<int64_t>(value));
    case Type::int8:
    case Type::uint8: {
      const Quantization& q = x.quantization;
      StoredRange r = type_range(x.type);
      int32_t stored = q.quantized() ? quantized_bound(value, q.scale(), q.zero_point(), r.lo, r.hi)
                                     : static_cast<int32_t>(value);
      return set_fill(p, static_cast<uint8_t>(stored));
    }
    default:
      return set_fill(p, uint64_t{0});
  }
}

Status prepare(PrepareContext& ctx) {
  auto* p = ctx.allocate<Params>();
  if (p == nullptr) return error(Code::out_of_memory, 0, sizeof(Params));
  set_fill(p, ctx.view.in(0), ctx.view.attributes<PadAttrs>().value);
  p->uniform = memcmp(p->fill, p->fill + 1, sizeof p->fill - 1) == 0;
  ctx.params = p;
  return {};
}

// The output as rows along the last padded dimension; what follows it moves together.
struct Rows {
  int32_t dim = 0;     // the last padded one
  int64_t count = 1;   // rows
  int64_t before = 0;  // bytes
  int64_t middle = 0;
  int64_t after = 0;
  int64_t bytes() const { return before + middle + after; }
};
Rows rows_of(const KernelCall& call) {
  const auto& a = call.attributes<PadAttrs>();
  const Tensor& x = call.in(0);
  Rows r;
  r.middle = element_bytes(x);
  int32_t rank = x.shape.rank;
  for (r.dim = rank - 1; r.dim > 0 && a.before[r.dim] + int64_t{a.after[r.dim]} == 0; --r.dim)
    r.middle *= x.dim(r.dim);
  if (rank == 0) return r;
  r.before = a.before[r.dim] * r.middle;
  r.after = a.after[r.dim] * r.middle;
  r.middle *= x.dim(r.dim);
  for (int i = 0; i < r.dim; ++i) r.count *= call.out().dim(i);
  return r;
}

uint32_t tiles(const KernelCall& call) {
  Rows r = rows_of(call);
  return Tiling(r.count, r.bytes()).count();
}

void fill(const Params& p, uint8_t* y, int64_t bytes) {
  if (p.uniform) {
    memset(y, p.fill[0], static_cast<size_t>(bytes));
    return;
  }
  int64_t i = 0;
  for (; i + 8 <= bytes; i += 8) memcpy(y + i, p.fill, 8);
  memcpy(y + i, p.fill, static_cast<size_t>(bytes - i));
}

// (19.5): the element of a dimension of `n` that stands at `at`; -1: none.
int64_t source(int32_t mode, int64_t at, int64_t n) {
  if (at >= 0 && at < n) return at;
  switch (mode) {
    case kMotePadReflect:
      return at < 0 ? -at : 2 * (n - 1) - at;
    case kMotePadSymmetric:
      return at < 0 ? -at - 1 : 2 * n - 1 - at;
    case kMotePadEdge:
      return at < 0 ? 0 : n - 1;
    case kMotePadWrap:
      return at < 0 ? n - 1 - (-at - 1) % n : at % n;
    default:
      return -1;
  }
}

// The input's row of output row `row`; -1: in the border.
int64_t input_row(const KernelCall& call, int32_t dims, int64_t row) {
  const auto& a = call.attributes<PadAttrs>();
  int64_t in = 0, step = 1;
  for (int i = dims - 1; i >= 0; --i) {
    int64_t at = source(a.mode, row % call.out().dim(i) - a.before[i], call.in(0).dim(i));
    row /= call.out().dim(i);
    if (at < 0) return -1;
    in += at * step;
    step *= call.in(0).dim(i);
  }
  return in;
}

// Places [begin, end) of a row along dimension `dim`, counted from the first of x.
void copy_border(const KernelCall& call, const Rows& rows, const uint8_t* x, int64_t begin,
                 int64_t end, uint8_t* y) {
  int64_t n = call.in(0).dim(rows.dim), item = rows.middle / n;
  int32_t mode = call.attributes<PadAttrs>().mode;
  for (int64_t at = begin; at < end; ++at, y += item)
    memcpy(y, x + source(mode, at, n) * item, static_cast<size_t>(item));
}

void run(const KernelCall& call, uint32_t tile, uint32_t) {
  const auto& a = call.attributes<PadAttrs>();
  const auto& p = *static_cast<const Params*>(call.params);
  Rows rows = rows_of(call);
  Range r = Tiling(rows.count, rows.bytes()).range(tile);
  const uint8_t* x = call.in(0).as<uint8_t>();
  uint8_t* y = call.out().as<uint8_t>() + r.begin * rows.bytes();
  for (int64_t row = r.begin; row < r.end; ++row, y += rows.bytes()) {
    int64_t from = input_row(call, rows.dim, row);
    if (from < 0) {
      fill(p, y, rows.bytes());
      continue;
    }
    if (a.mode != kMotePadConstant && rows.before + rows.after > 0) {
      int64_t n = call.in(0).dim(rows.dim);
      const uint8_t* line = x + from * rows.middle;
      copy_border(call, rows, line, -int64_t{a.before[rows.dim]}, 0, y);
      memcpy(y + rows.before, line, static_cast<size_t>(rows.middle));
      copy_border(call, rows, line, n, n + a.after[rows.dim], y + rows.before + rows.middle);
      continue;
    }
    fill(p, y, rows.before);
    memcpy(y + rows.before, x + from * rows.middle, static_cast<size_t>(rows.middle));
    fill(p, y + rows.before + rows.middle, rows.after);
  }
}

constexpr Kernel kKernels[] = {
#include "ops/pad/kernels.inc"
};

}  // namespace

extern const Operator pad_operator;
extern const Kernel pad_f64;

const Operator pad_operator = {
    .code = op_code::pad,
    .name = "pad",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Pad),
    .attributes_bytes = sizeof(PadAttrs),
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel pad_f64 = {.name = "pad_f64_reference",
                        .reference = true,
                        .accepts = any_type,
                        .prepare = prepare,
                        .tiles = tiles,
                        .run = run};

}  // namespace mote
