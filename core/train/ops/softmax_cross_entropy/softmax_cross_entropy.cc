// The mean over the labels of -log softmax(logits)[label], and its gradient by the logits
// (NUMERICS.md, 15.1).
#include <cmath>

#include "ops/op_codes.h"
#include "train/ops/loss.h"
#include "train/ops/softmax_cross_entropy/attributes.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::SoftmaxCrossEntropy*>(table);
  auto& out = *static_cast<SoftmaxCrossEntropyAttrs*>(attrs);
  out.label_smoothing = in.label_smoothing();
  out.ignore_index = in.ignore_index();
  return {};
}

Status check(const OpView& v) {
  float s = v.attributes<SoftmaxCrossEntropyAttrs>().label_smoothing;
  if (!(s >= 0 && s <= 1))
    return error(Code::attribute_range, s > 1 ? 1 : 0, s > 1 ? 2 : -1, "label_smoothing");
  if (v.in(0).bounds.rank < 1) return error(Code::operand_rank, 1, 0);
  return check_loss(v, Type::int32);
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const ShapeBounds &logits = in[0], &labels = in[1];
  if (logits.rank < 1) return error(Code::operand_rank, 1, logits.rank);
  if (labels.rank != logits.rank - 1)
    return error(Code::operand_rank, logits.rank - 1, labels.rank);
  out[0] = one_element();
  out[1] = logits;
  for (int i = 0; i < labels.rank; ++i)
    MOTE_TRY(equal_dims(logits.dims[i], labels.dims[i], &out[1].dims[i]));
  return {};
}

int64_t classes_of(const Shape& logits) { return logits.dims[logits.rank - 1]; }

uint32_t tiles_of(const Shape& logits) {
  return row_tiles(logits.elements() / classes_of(logits), classes_of(logits));
}
uint32_t tiles(const KernelCall& call) { return tiles_of(call.in(0).shape); }

// The number of tiles grows with every dimension.
Status prepare(PrepareContext& ctx) {
  return reserve_partials(ctx, tiles_of(ctx.view.in(0).bounds.max()));
}

struct Labels {
  explicit Labels(const KernelCall& call)
      : data(call.in(1).as<int32_t>()),
        count(call.in(1).elements()),
        ignore(call.attributes<SoftmaxCrossEntropyAttrs>().ignore_index) {}
  // -1 ignores nothing.
  bool ignored(int64_t row) const { return ignore != -1 && data[row] == ignore; }

  const int32_t* data;
  int64_t count;
  int32_t ignore;
};

Status check_labels(const KernelCall& call) {
  Labels labels(call);
  int64_t classes = classes_of(call.in(0).shape);
  for (int64_t i = 0; i < labels.count; ++i)
    if ((labels.data[i] < 0 || labels.data[i] >= classes) && !labels.ignored(i))
      return error(Code::data_index_out_of_range, classes, labels.data[i]);
  return {};
}

void count_labels(const KernelCall& call, uint32_t, uint32_t) {
  Labels labels(call);
  int64_t n = 0;
  for (int64_t i = 0; i < labels.count; ++i) n += labels.ignored(i) ? 0 : 1;
  loss_head(call).counted = n;
}

// (15.2) to (15.5); returns the loss of the row.
template <class T>
T row_loss(const T* x, T* dx, int64_t n, int32_t label, T smoothing, T share) {
  T largest = x[0];
  for (int64_t i = 1; i < n; ++i) largest = x[i] > largest || x[i] != x[i] ? x[i] : largest;
  T sum = 0, linear = 0;
  for (int64_t i = 0; i < n; ++i) {
    T t = x[i] - largest;
    linear += t;
    dx[i] = std::exp(t);
    sum += dx[i];
  }
  T log_sum = std::log(sum), loss = log_sum - (x[label] - largest);
  T even = smoothing / static_cast<T>(n);
  // Not 0 * infinity where a class is masked with -infinity.
  if (smoothing > 0)
    loss = (1 - smoothing) * loss + smoothing * (log_sum - linear / static_cast<T>(n));
  for (int64_t i = 0; i < n; ++i) {
    T target = i == label ? (1 - smoothing) + even : even;
    dx[i] = (dx[i] / sum - target) * share;
  }
  return loss;
}

template <class T>
void cross_entropy_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  Labels labels(call);
  int64_t n = classes_of(call.in(0).shape);
  T smoothing = call.attributes<SoftmaxCrossEntropyAttrs>().label_smoothing, sum = 0;
  int64_t counted = loss_head(call).counted;
  T share = counted == 0 ? T{0} : T{1} / static_cast<T>(counted);
  Range rows = row_range(labels.count, n, tile);
  for (int64_t r = rows.begin; r < rows.end; ++r) {
    const T* x = call.in(0).as<T>() + r * n;
    T* dx = call.out(1).as<T>() + r * n;
    if (labels.ignored(r)) {
      for (int64_t i = 0; i < n; ++i) dx[i] = 0;
    } else {
      sum += row_loss(x, dx, n, labels.data[r], smoothing, share);
    }
  }
  loss_partials<T>(call)[tile] = sum;
}

template <class T>
void write_loss(const KernelCall& call, uint32_t, uint32_t) {
  int64_t counted = loss_head(call).counted;
  T sum = add_partials(loss_partials<T>(call), tiles(call));
  *call.out(0).as<T>() = counted == 0 ? T{0} : sum / static_cast<T>(counted);
}

constexpr Kernel kKernels[] = {
#include "train/ops/softmax_cross_entropy/kernels.inc"
};

}  // namespace

extern const Operator softmax_cross_entropy_operator;
extern const Kernel softmax_cross_entropy_f64;

const Operator softmax_cross_entropy_operator = {
    .code = op_code::softmax_cross_entropy,
    .name = "softmax_cross_entropy",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::SoftmaxCrossEntropy),
    .attributes_bytes = sizeof(SoftmaxCrossEntropyAttrs),
    .min_inputs = 2,
    .max_inputs = 2,
    .outputs = 2,
    .flags = kFallible,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel softmax_cross_entropy_f64 = {.name = "softmax_cross_entropy_f64_reference",
                                          .reference = true,
                                          .accepts = is_f64,
                                          .prepare = prepare,
                                          .check_data = check_labels,
                                          .tiles = tiles,
                                          .run = cross_entropy_reference<double>,
                                          .before = {.run = count_labels},
                                          .after = {.run = write_loss<double>}};

}  // namespace mote
