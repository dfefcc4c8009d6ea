// Gated recurrent unit over a sequence in one direction (NUMERICS.md, 20.2).
#include <initializer_list>

#include "mote_generated.h"
#include "ops/op_codes.h"
#include "ops/recurrent.h"

namespace mote {
namespace {

using namespace recurrent;

enum Input : size_t {
  kX,
  kInputWeights,
  kRecurrentWeights,
  kBias,
  kCandidateBias,
  kInitialH,
  kLengths
};
enum Output : size_t { kY, kLastH };

Status check(const OpView& v) {
  const auto& a = v.attributes<RecurrentAttrs>();
  MOTE_TRY(check_attributes(a, kCellActivation | kLinearBeforeReset));
  MOTE_TRY(check_no_scales(a));
  constexpr int32_t kRanks[] = {3, 2, 2, 1, 1, 2, 1};
  for (size_t i = 0; i < v.inputs.size; ++i) {
    MOTE_TRY(check_rank_of(v, i, kRanks[i]));
    if (v.has(i) && i != kLengths && v.in(i).type != Type::float32)
      return error(Code::operand_type, 0, static_cast<int64_t>(i));
  }
  for (size_t i = 0; i < v.outputs.size; ++i)
    if (v.out(i).type != Type::float32)
      return error(Code::operand_type, 0, static_cast<int64_t>(v.inputs.size + i));
  if (v.has(kCandidateBias) && a.linear_before_reset == 0)
    return error(Code::attribute_range, 1, 0, "linear_before_reset");
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
  MOTE_TRY(require_dim(in[kInputWeights].dims[0], 3 * hidden));
  MOTE_TRY(require_dim(in[kRecurrentWeights].dims[0], 3 * hidden));
  if (v.has(kBias)) MOTE_TRY(require_dim(in[kBias].dims[0], 3 * hidden));
  if (v.has(kCandidateBias)) MOTE_TRY(require_dim(in[kCandidateBias].dims[0], hidden));
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
      4 * static_cast<size_t>(ctx.view.in(kRecurrentWeights).bounds.dims[1].max) * sizeof(T);
  return {};
}

// Scratch: the gates, then what the candidate takes from h.
template <class T>
class Cell {
 public:
  Cell(const KernelCall& call, T* scratch)
      : attrs_(call.attributes<RecurrentAttrs>()),
        in_(call.in(kInputWeights).dim(1)),
        hidden_(call.in(kRecurrentWeights).dim(1)),
        x_(call.in(kX).as<T>()),
        w_(call.in(kInputWeights).as<T>()),
        r_(call.in(kRecurrentWeights).as<T>()),
        bias_(optional<T>(call, kBias)),
        candidate_bias_(optional<T>(call, kCandidateBias)),
        h0_(optional<T>(call, kInitialH)),
        walk_(attrs_, call.in(kX).shape, optional<int32_t>(call, kLengths)),
        y_(call.out(kY).as<T>()),
        h_(call.out(kLastH).as<T>()),
        update_(scratch),
        reset_(scratch + hidden_),
        candidate_(scratch + 2 * hidden_),
        recurrent_(scratch + 3 * hidden_) {}

  void run_row(int64_t row) {
    T* h = h_ + row * hidden_;
    copy_or_zero(h0_ == nullptr ? nullptr : h0_ + row * hidden_, hidden_, h);
    const int64_t length = walk_.length(row);
    for (int64_t i = 0; i < length; ++i) {
      const int64_t at = walk_.vector(row, walk_.step(i, length));
      step(x_ + at * in_, h);
      copy_or_zero(h, hidden_, y_ + at * hidden_);
    }
    fill_beyond(walk_, row, length, hidden_, T(0), y_);
  }

 private:
  // (20.8)
  void step(const T* x, T* h) {
    const T limit = static_cast<T>(attrs_.clip);
    copy_or_zero(bias_, 3 * hidden_, update_);
    add_products(w_, 3 * hidden_, in_, x, update_);
    add_products(r_, 2 * hidden_, hidden_, h, update_);
    activate(gate_activation(attrs_), limit, 2 * hidden_, update_);
    add_candidate(h);
    activate(cell_activation(attrs_), limit, hidden_, candidate_);
    for (int64_t i = 0; i < hidden_; ++i)
      h[i] = (T(1) - update_[i]) * candidate_[i] + update_[i] * h[i];
  }

  void add_candidate(const T* h) {
    const T* r = r_ + 2 * hidden_ * hidden_;
    if (attrs_.linear_before_reset != 0) {
      copy_or_zero(candidate_bias_, hidden_, recurrent_);
      add_products(r, hidden_, hidden_, h, recurrent_);
      for (int64_t i = 0; i < hidden_; ++i) candidate_[i] += reset_[i] * recurrent_[i];
    } else {
      for (int64_t i = 0; i < hidden_; ++i) recurrent_[i] = reset_[i] * h[i];
      add_products(r, hidden_, hidden_, recurrent_, candidate_);
    }
  }

  const RecurrentAttrs& attrs_;
  const int64_t in_, hidden_;
  const T *x_, *w_, *r_, *bias_, *candidate_bias_, *h0_;
  const Walk walk_;
  T *y_, *h_;
  T *update_, *reset_, *candidate_, *recurrent_;
};

template <class T>
void reference(const KernelCall& call, uint32_t tile, uint32_t worker) {
  Cell<T> cell(call, reinterpret_cast<T*>(call.scratch + worker * call.scratch_stride));
  Range rows = row_tiling(call).range(tile);
  for (int64_t row = rows.begin; row < rows.end; ++row) cell.run_row(row);
}

using recurrent::row_tiles;

constexpr Kernel kKernels[] = {
#include "ops/gru/kernels.inc"
};

}  // namespace

extern const Operator gru_operator;
extern const Kernel gru_f64;

const Operator gru_operator = {
    .code = op_code::gru,
    .name = "gru",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Recurrent),
    .attributes_bytes = sizeof(RecurrentAttrs),
    .min_inputs = 3,
    .max_inputs = 7,
    .outputs = 2,
    .read = recurrent::read,
    .check = check,
    .shape = shape,
    .work = work,
    .kernels = kKernels,
};

const Kernel gru_f64 = {.name = "gru_f64_reference",
                        .reference = true,
                        .accepts = is_f64,
                        .prepare = prepare<double>,
                        .tiles = row_tiles,
                        .run = reference<double>};

}  // namespace mote
