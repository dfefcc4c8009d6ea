// dy added to the rows that gather read (NUMERICS.md, 17.3). A tile owns rows of dx and looks at
// all indices, so that each row gets its terms in their order whatever the tiles.
#include <cstring>

#include "ops/gather/layout.h"
#include "ops/op_codes.h"
#include "ops/tiles.h"

namespace mote {
namespace {

using namespace gathering;

enum Input { kDy, kIndices, kX };

Status check(const OpView& v) {
  for (const TensorInfo* t : {v.inputs[kDy], v.inputs[kX], v.outputs[0]})
    if (t->type != Type::float32) return error(Code::operand_type, 0, t == v.inputs[kX] ? kX : 0);
  return check_operands(v.attributes<GatherAttrs>(), v.in(kX), v.in(kIndices));
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  ShapeBounds gathered;
  MOTE_TRY(gathered_shape(v.attributes<GatherAttrs>(), in[kX], in[kIndices], &gathered));
  if (in[kDy].rank != gathered.rank) return error(Code::operand_rank, gathered.rank, in[kDy].rank);
  Dim common;
  for (int i = 0; i < gathered.rank; ++i)
    MOTE_TRY(equal_dims(gathered.dims[i], in[kDy].dims[i], &common));
  out[0] = in[kX];
  return {};
}

Layout layout(const KernelCall& call) {
  return layout_of(call.attributes<GatherAttrs>(), call.out().shape, call.in(kIndices).shape);
}

// Pieces of the rows of one outer index. Every piece reads all indices: more would not pay.
constexpr int64_t kMaxPieces = 16;
struct Pieces {
  int64_t rows, count;
};
Pieces pieces_of(const Layout& l) {
  int64_t wanted = l.size * l.item / kElementwiseTile + 1;
  int64_t rows = ceil_div(l.size, wanted < kMaxPieces ? wanted : kMaxPieces);
  return {rows, ceil_div(l.size, rows)};
}
Tiling tiling(const Layout& l, const Pieces& p) {
  return {l.batch * l.middle * p.count, (p.rows * l.item + l.count) * 4};
}
uint32_t tiles(const KernelCall& call) {
  Layout l = layout(call);
  return tiling(l, pieces_of(l)).count();
}

template <class T, class Index>
void add_items(const T* dy, const Index* indices, const Layout& l, Range rows, T* dx) {
  memset(dx + rows.begin * l.item, 0,
         static_cast<size_t>((rows.end - rows.begin) * l.item) * sizeof(T));
  for (int64_t i = 0; i < l.count; ++i, dy += l.item) {
    const int64_t row = indices[i];
    if (row < rows.begin || row >= rows.end) continue;
    T* to = dx + row * l.item;
    for (int64_t k = 0; k < l.item; ++k) to[k] += dy[k];
  }
}

// (17.3)
template <class T, class Index>
void scatter(const KernelCall& call, uint32_t tile) {
  Layout l = layout(call);
  Pieces p = pieces_of(l);
  Range r = tiling(l, p).range(tile);
  for (int64_t i = r.begin; i < r.end; ++i) {
    int64_t outer = i / p.count, first = i % p.count * p.rows;  // outer: batch and middle
    Range rows = {first, first + p.rows < l.size ? first + p.rows : l.size};
    add_items(call.in(kDy).as<T>() + outer * l.count * l.item,
              call.in(kIndices).as<Index>() + outer / l.middle * l.count, l, rows,
              call.out().as<T>() + outer * l.size * l.item);
  }
}

bool is_s32(const KernelCall& call) { return call.in(kIndices).type() == Type::int32; }

template <class T>
void real_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  return is_s32(call) ? scatter<T, int32_t>(call, tile) : scatter<T, int64_t>(call, tile);
}

Status check_data(const KernelCall& call) {
  int64_t size = call.out().dim(call.attributes<GatherAttrs>().axis);
  return is_s32(call) ? check_indices<int32_t>(call.in(kIndices), size)
                      : check_indices<int64_t>(call.in(kIndices), size);
}

constexpr Kernel kKernels[] = {
#include "train/ops/gather_grad/kernels.inc"
};

}  // namespace

extern const Operator gather_grad_operator;
extern const Kernel gather_grad_f64;

const Operator gather_grad_operator = {
    .code = op_code::gather_grad,
    .name = "gather_grad",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Gather),
    .attributes_bytes = sizeof(GatherAttrs),
    .min_inputs = 3,
    .max_inputs = 3,
    .flags = kFallible,
    .shape_inputs = 4,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel gather_grad_f64 = {.name = "gather_grad_f64_reference",
                                .reference = true,
                                .accepts = is_f64,
                                .check_data = check_data,
                                .tiles = tiles,
                                .run = real_reference<double>};

}  // namespace mote
