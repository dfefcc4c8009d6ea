// Long short-term memory over a sequence in one direction (NUMERICS.md, 20.1).
#include <initializer_list>

#include "mote_generated.h"
#include "ops/lstm/layout.h"
#include "ops/lstm/real.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

using namespace lstm;

Status check_ranks(const OpView& v) {
  constexpr int32_t kRanks[] = {3, 2, 2, 1, 2, 2, 1, 2, 1, 1, 1};
  for (size_t i = 0; i < v.inputs.size; ++i) MOTE_TRY(recurrent::check_rank_of(v, i, kRanks[i]));
  return recurrent::check_lengths(v, kLengths);
}

Status check_types(const OpView& v) {
  for (size_t i = 0; i < v.inputs.size + v.outputs.size; ++i) {
    const TensorInfo* t = i < v.inputs.size ? v.inputs[i] : v.outputs[i - v.inputs.size];
    if (t != nullptr && i != kLengths && t->type != Type::float32)
      return error(Code::operand_type, 0, static_cast<int64_t>(i));
  }
  return {};
}

Status check(const OpView& v) {
  const auto& a = v.attributes<RecurrentAttrs>();
  using namespace recurrent;
  MOTE_TRY(check_attributes(a, kCellActivation | kOutputActivation | kCellClip));
  MOTE_TRY(check_ranks(v));
  if (v.has(kProjectionBias) && !v.has(kProjection))
    return error(Code::input_missing, 0, static_cast<int64_t>(kProjection));
  if (is_s8(v)) return check_quantized(v);
  MOTE_TRY(check_no_scales(a));
  return check_types(v);
}

// What the weights say; everything of them is static.
Status weight_sizes(const OpView& v, Span<const ShapeBounds> in, Sizes* s) {
  int64_t rows = 0, gates = gates_of(v.attributes<RecurrentAttrs>().coupling).count;
  MOTE_TRY(recurrent::static_dim(in[kInputWeights].dims[1], &s->in));
  MOTE_TRY(recurrent::static_dim(in[kRecurrentWeights].dims[0], &rows));
  MOTE_TRY(recurrent::static_dim(in[kRecurrentWeights].dims[1], &s->out));
  if (rows % gates != 0) return error(Code::operand_shape, gates, rows);
  s->hidden = rows / gates;
  MOTE_TRY(recurrent::require_dim(in[kInputWeights].dims[0], rows));
  return s->hidden == s->out || v.has(kProjection) ? Status{}
                                                   : error(Code::operand_shape, s->hidden, s->out);
}

Status check_vectors(const OpView& v, Span<const ShapeBounds> in, const Sizes& s) {
  const int64_t gates = gates_of(v.attributes<RecurrentAttrs>().coupling).count;
  const struct {
    Input input;
    int dim;
    int64_t size;
  } kDims[] = {{kBias, 0, gates * s.hidden}, {kInitialH, 1, s.out},
               {kInitialC, 1, s.hidden},     {kPeephole, 0, (gates - 1) * s.hidden},
               {kProjection, 0, s.out},      {kProjection, 1, s.hidden},
               {kProjectionBias, 0, s.out},  {kNorm, 0, gates * s.hidden}};
  for (const auto& d : kDims)
    if (v.has(d.input)) MOTE_TRY(recurrent::require_dim(in[d.input].dims[d.dim], d.size));
  return {};
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const auto& a = v.attributes<RecurrentAttrs>();
  recurrent::Sequence x;
  Sizes s;
  MOTE_TRY(recurrent::sequence_of(a, in[kX], &x));
  MOTE_TRY(weight_sizes(v, in, &s));
  MOTE_TRY(recurrent::require_dim(x.in, s.in));
  MOTE_TRY(check_vectors(v, in, s));
  for (Input i : {kInitialH, kInitialC, kLengths})
    if (v.has(i)) MOTE_TRY(recurrent::join_batch(in[i], &x));
  out[kY] = recurrent::output_shape(a, x, s.out);
  out[kLastH] = recurrent::last_shape(x, s.out);
  out[kLastC] = recurrent::last_shape(x, s.hidden);
  return {};
}

int64_t work(const OpView& v) {
  Sizes s = sizes_of(v);
  int64_t gates = gates_of(v.attributes<RecurrentAttrs>().coupling).count;
  return recurrent::sequence_work(
      v, s.hidden * (gates * (s.in + s.out) + (v.has(kProjection) ? s.out : 0)));
}

template <class T>
Status prepare(PrepareContext& ctx) {
  Sizes s = sizes_of(ctx.view);
  int64_t vectors = gates_of(ctx.view.attributes<RecurrentAttrs>().coupling).count +
                    (ctx.view.has(kProjection) ? 1 : 0);
  ctx.scratch_bytes = static_cast<size_t>(vectors * s.hidden) * sizeof(T);
  return {};
}

template <class T>
void reference(const KernelCall& call, uint32_t tile, uint32_t worker) {
  Cell<T> cell(call, reinterpret_cast<T*>(call.scratch + worker * call.scratch_stride));
  Range rows = recurrent::row_tiling(call).range(tile);
  for (int64_t row = rows.begin; row < rows.end; ++row) cell.run_row(row);
}

using recurrent::row_tiles;

constexpr Kernel kKernels[] = {
#include "ops/lstm/kernels.inc"
};

}  // namespace

extern const Operator lstm_operator;
extern const Kernel lstm_f64;

const Operator lstm_operator = {
    .code = op_code::lstm,
    .name = "lstm",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Recurrent),
    .attributes_bytes = sizeof(RecurrentAttrs),
    .min_inputs = 3,
    .max_inputs = 11,
    .outputs = 3,
    .read = recurrent::read,
    .check = check,
    .shape = shape,
    .work = work,
    .kernels = kKernels,
};

const Kernel lstm_f64 = {.name = "lstm_f64_reference",
                         .reference = true,
                         .accepts = is_f64,
                         .prepare = prepare<double>,
                         .tiles = row_tiles,
                         .run = reference<double>};

}  // namespace mote
