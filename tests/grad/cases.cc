// Elementwise operators, normalization, pooling and losses.
#include "grad/cases.h"

#include <cmath>

#include "train/attributes.h"

namespace mote::test {

Span<const OperatorGradientCases> gradient_cases() {
  static constexpr OperatorGradientCases kCases[] = {
#define MOTE_GRADIENT_CASE(name) {#name, op_code::name, make_##name##_case},
#include "grad/cases.inc"
#undef MOTE_GRADIENT_CASE
  };
  return kCases;
}

namespace {

using ir::ValueId;
using Dims = std::vector<int32_t>;

// Broadcast dimensions: some are 1, and leading ones absent.
Dims broadcast_shape(GradientCase& c, const Dims& full) {
  Dims s = full;
  for (int32_t& d : s)
    if (c.integer(0, 3) == 0) d = 1;
  if (c.integer(0, 2) == 0)
    s.erase(s.begin(), s.begin() + c.integer(0, static_cast<int32_t>(s.size())));
  return s;
}

// a and b on lattices whose results keep `distance` from the bounds of all activations, which are
// multiples of 1.
void make_binary(GradientCase& c, uint16_t op, double step, double offset_a, double offset_b) {
  Dims full = c.shape(c.integer(0, 5) % 5);
  Dims a = broadcast_shape(c, full), b = c.coin() ? full : broadcast_shape(c, full);
  if (c.coin()) std::swap(a, b);
  ValueId x = c.lattice(a, step, offset_a, 20), y = c.lattice(b, step, offset_b, 20);
  BinaryAttrs attrs{};
  attrs.activation = c.integer(kMoteActivationNone, kMoteActivationReluN1To1);
  c.add(op, attrs, {x, y});
}

Pool2dAttrs random_pool(GradientCase& c) {
  Pool2dAttrs a{};
  a.window_h = c.integer(1, 3);
  a.window_w = c.integer(1, 3);
  a.stride_h = c.integer(1, 3);
  a.stride_w = c.integer(1, 3);
  a.pad_top = c.integer(0, a.window_h - 1);
  a.pad_left = c.integer(0, a.window_w - 1);
  a.pad_bottom = c.integer(0, a.window_h - 1);
  a.pad_right = c.integer(0, a.window_w - 1);
  return a;
}

std::vector<ValueId> channel_inputs(GradientCase& c, int32_t channels, int count) {
  std::vector<ValueId> v;
  for (int i = 0; i < count; ++i) v.push_back(c.input({channels}));
  return v;
}

}  // namespace

// Sums and differences are odd multiples of 1/8.
void make_add_case(GradientCase& c) { make_binary(c, op_code::add, 0.25, 0, 0.5); }
void make_sub_case(GradientCase& c) { make_binary(c, op_code::sub, 0.25, 0, 0.5); }
// Products are odd multiples of 1/4.
void make_mul_case(GradientCase& c) { make_binary(c, op_code::mul, 1, 0.5, 0.5); }

void make_avg_pool2d_case(GradientCase& c) {
  // A mean lies between its terms: those of one channel lie between two neighbouring bounds; with
  // padding in the mean only the sign is kept.
  static const std::vector<std::pair<double, double>> kBetween = {
      {0.1, 0.9}, {1.1, 5.9}, {6.1, 8}, {-0.9, -0.1}, {-3, -1.1}};
  until_accepted([&] {
    c = GradientCase(static_cast<uint32_t>(c.integer(0, INT32_MAX - 1)));
    Dims s = {c.integer(1, 2), c.integer(1, 7), c.integer(1, 7), c.integer(1, 3)};
    Pool2dAttrs a = random_pool(c);
    a.count_include_pad = c.integer(0, 1);
    a.activation = a.count_include_pad != 0
                       ? c.integer(kMoteActivationNone, kMoteActivationRelu)
                       : c.integer(kMoteActivationNone, kMoteActivationReluN1To1);
    std::vector<std::pair<double, double>> ranges;
    for (int32_t i = 0; i < s[3]; ++i) ranges.push_back(c.pick(kBetween));
    std::vector<double> x(static_cast<size_t>(s[0] * s[1] * s[2] * s[3]));
    for (size_t i = 0; i < x.size(); ++i) {
      auto [low, high] = ranges[i % ranges.size()];
      x[i] = c.real(low, high);
    }
    return c.add(op_code::avg_pool2d, a, {c.input(s, x)});
  });
}

void make_max_pool2d_case(GradientCase& c) {
  until_accepted([&] {
    c = GradientCase(static_cast<uint32_t>(c.integer(0, INT32_MAX - 1)));
    Dims s = {c.integer(1, 2), c.integer(1, 7), c.integer(1, 7), c.integer(1, 3)};
    Pool2dAttrs a = random_pool(c);
    a.activation = c.integer(kMoteActivationNone, kMoteActivationReluN1To1);
    // All different by 0.05 at least, and 0.025 from every bound.
    Dims order = c.permutation(s[0] * s[1] * s[2] * s[3]);
    std::vector<double> x;
    for (int32_t i : order)
      x.push_back(0.05 * (i - static_cast<int32_t>(order.size()) / 2) + 0.025);
    return c.add(op_code::max_pool2d, a, {c.input(s, x)});
  });
}

void make_batch_norm_case(GradientCase& c) {
  Dims s = c.shape(c.integer(1, 4));
  std::vector<ValueId> v = channel_inputs(c, s.back(), 3);  // scale, bias, mean
  ValueId variance = c.input({s.back()}, 0.2, 2);
  c.add(op_code::batch_norm, BatchNormAttrs{0.01f, 0.1f, 0},
        {c.input(s), v[0], v[1], v[2], variance});
}

void make_batch_norm_fold_case(GradientCase& c) {
  std::vector<ValueId> v = channel_inputs(c, c.integer(1, 9), 3);
  ValueId variance = c.input({c.graph.value(v[0]).shape.dims[0].max}, 0.2, 2);
  c.add(op_code::batch_norm_fold, BatchNormAttrs{0.01f, 0.1f, 0}, {v[0], v[1], v[2], variance}, 2);
  static const std::vector<std::vector<size_t>> kUsed = {{0, 1}, {1}};
  c.use_results(c.pick(kUsed));
}

void make_batch_norm_train_case(GradientCase& c) {
  Dims s = c.shape(c.integer(2, 4));
  s[0] += 2;  // samples whose variance is not near zero
  std::vector<ValueId> v = channel_inputs(c, s.back(), 2);
  ValueId mean = c.fixed({s.back()}), variance = c.fixed({s.back()});
  c.add(op_code::batch_norm_train, BatchNormAttrs{0.05f, 0.1f, 0},
        {c.input(s), v[0], v[1], mean, variance}, 5);
}

void make_softmax_case(GradientCase& c) {
  SoftmaxAttrs a{static_cast<float>(c.real(0.25, 2))};
  c.add(op_code::softmax, a, {c.input(c.shape(c.integer(1, 4), 6), -3, 3)});
}

void make_softmax_cross_entropy_case(GradientCase& c) {
  Dims s = c.shape(c.integer(1, 4), 5);
  int32_t classes = s.back();
  SoftmaxCrossEntropyAttrs a{c.coin() ? 0.f : static_cast<float>(c.real(0, 0.5)), -1};
  if (c.coin()) a.ignore_index = c.integer(0, classes - 1);
  ValueId logits = c.input(s, -4, 4);
  s.pop_back();
  c.add(op_code::softmax_cross_entropy, a, {logits, c.integers(s, 0, classes - 1)}, 2);
}

void make_mse_case(GradientCase& c) {
  Dims s = c.shape(c.integer(1, 4));
  c.add(op_code::mse, ir::Bytes{}, {c.input(s), c.input(s)}, 2);
}

void make_require_finite_case(GradientCase& c) {
  c.add(op_code::require_finite, ir::Bytes{}, {c.input({1})});
}

void make_cast_case(GradientCase& c) {
  c.add(op_code::cast, ir::Bytes{}, {c.input(c.shape(c.integer(0, 4)))});
}

void make_reduce_case(GradientCase& c) {
  Dims s = c.shape(c.integer(1, 5));
  ReduceAttrs a{};
  a.kind = c.integer(kMoteReduceSum, kMoteReduceSumSquare);
  a.keep_dims = c.integer(0, 1);
  auto rank = static_cast<int32_t>(s.size());
  int32_t always = c.integer(0, rank - 1);
  for (int32_t i = 0; i < rank; ++i)
    if (i == always || c.coin()) a.axes[a.axis_count++] = i;
  // No two are equal and none is near 0.
  std::vector<double> elements;
  const auto count = static_cast<int32_t>(ir::shape_of(s).max().elements());
  for (int32_t place : c.permutation(count)) {
    bool negative = a.kind != kMoteReduceLogSum && place % 2 == 1;
    elements.push_back((negative ? -1 : 1) * (0.5 + 1.0 * place / count));
  }
  c.add(op_code::reduce, a, {c.input(s, elements)});
}

void make_broadcast_to_case(GradientCase& c) {
  Dims full = c.shape(c.integer(1, 4));
  ValueId x = c.input(broadcast_shape(c, full));
  c.add(op_code::broadcast_to, ir::Bytes{}, {x, c.fixed(full)});
}

}  // namespace mote::test
