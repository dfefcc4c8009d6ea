// The plain recurrent network over a sequence in one direction (NUMERICS.md, 20.3).
#include <initializer_list>

#include "mote_generated.h"
#include "ops/op_codes.h"
#include "ops/recurrent.h"

namespace mote {
namespace {

using namespace recurrent;

enum Input : size_t { kX, kInputWeights, kRecurrentWeights, kBias, kInitialH, kLengths };
enum Output : size_t { kY, kLastH };

Status check(const OpView& v) {
  const auto& a = v.attributes<RecurrentAttrs>();
  MOTE_TRY(check_attributes(a, 0));
  MOTE_TRY(check_no_scales(a));
  constexpr int32_t kRanks[] = {3, 2, 2, 1, 2, 1};
  for (size_t i = 0; i < v.inputs.size; ++i) {
    MOTE_TRY(check_rank_of(v, i, kRanks[i]));
    if (v.has(i) && i != kLengths && v.in(i).type != Type::float32)
      return error(Code::operand_type, 0, static_cast<int64_t>(i));
  }
  for (size_t i = 0; i < v.outputs.size; ++i)
    if (v.out(i).type != Type::float32)
      return error(Code::operand_type, 0, static_cast<int64_t>(v.inputs.size + i));
  return check_lengths(v, kLengths);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const auto& a = v.attributes<RecurrentAttrs>();
  Sequence x;
  int64_t hidden = 0, size = 0;
  MOTE_TRY(sequence_of(a, in[kX], &x));
  MOTE_TRY(static_dim(in[kRecurrentWeights].dims[1], &hidden));
  MOTE_TRY(static_dim(in[kInputWeights].dims[1], &size));
  MOTE_TRY(require_dim(x.in, size));
  MOTE_TRY(require_dim(in[kInputWeights].dims[0], hidden));
  MOTE_TRY(require_dim(in[kRecurrentWeights].dims[0], hidden));
  if (v.has(kBias)) MOTE_TRY(require_dim(in[kBias].dims[0], hidden));
  if (v.has(kInitialH)) MOTE_TRY(require_dim(in[kInitialH].dims[1], hidden));
  for (Input i : {kInitialH, kLengths})
    if (v.has(i)) MOTE_TRY(join_batch(in[i], &x));
  out[kY] = output_shape(a, x, hidden);
  out[kLastH] = last_shape(x, hidden);
  return {};
}

int64_t work(const OpView& v) {
  const ShapeBounds &w = v.in(kInputWeights).bounds, &r = v.in(kRecurrentWeights).bounds;
  return sequence_work(v, int64_t{w.dims[0].max} * (int64_t{w.dims[1].max} + r.dims[1].max));
}

template <class T>
Status prepare(PrepareContext& ctx) {
  ctx.scratch_bytes =
      static_cast<size_t>(ctx.view.in(kRecurrentWeights).bounds.dims[1].max) * sizeof(T);
  return {};
}

// (20.9); `next` is scratch.
template <class T>
void run_row(const KernelCall& call, int64_t row, T* next) {
  const auto& a = call.attributes<RecurrentAttrs>();
  const int64_t in = call.in(kInputWeights).dim(1), hidden = call.in(kRecurrentWeights).dim(1);
  const Walk walk(a, call.in(kX).shape, optional<int32_t>(call, kLengths));
  const T* h0 = optional<T>(call, kInitialH);
  T *y = call.out(kY).as<T>(), *h = call.out(kLastH).as<T>() + row * hidden;
  copy_or_zero(h0 == nullptr ? nullptr : h0 + row * hidden, hidden, h);
  const int64_t length = walk.length(row);
  for (int64_t i = 0; i < length; ++i) {
    const int64_t at = walk.vector(row, walk.step(i, length));
    copy_or_zero(optional<T>(call, kBias), hidden, next);
    add_products(call.in(kInputWeights).as<T>(), hidden, in, call.in(kX).as<T>() + at * in, next);
    add_products(call.in(kRecurrentWeights).as<T>(), hidden, hidden, h, next);
    activate(gate_activation(a), static_cast<T>(a.clip), hidden, next);
    copy_or_zero(next, hidden, h);
    copy_or_zero(next, hidden, y + at * hidden);
  }
  fill_beyond(walk, row, length, hidden, T(0), y);
}

template <class T>
void reference(const KernelCall& call, uint32_t tile, uint32_t worker) {
  Range rows = row_tiling(call).range(tile);
  for (int64_t row = rows.begin; row < rows.end; ++row)
    run_row(call, row, reinterpret_cast<T*>(call.scratch + worker * call.scratch_stride));
}

using recurrent::row_tiles;

constexpr Kernel kKernels[] = {
#include "ops/rnn/kernels.inc"
};

}  // namespace

extern const Operator rnn_operator;
extern const Kernel rnn_f64;

const Operator rnn_operator = {
    .code = op_code::rnn,
    .name = "rnn",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Recurrent),
    .attributes_bytes = sizeof(RecurrentAttrs),
    .min_inputs = 3,
    .max_inputs = 6,
    .outputs = 2,
    .read = recurrent::read,
    .check = check,
    .shape = shape,
    .work = work,
    .kernels = kKernels,
};

const Kernel rnn_f64 = {.name = "rnn_f64_reference",
                        .reference = true,
                        .accepts = is_f64,
                        .prepare = prepare<double>,
                        .tiles = row_tiles,
                        .run = reference<double>};

}  // namespace mote
