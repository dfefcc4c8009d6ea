// Losses in double against naive formulas, and their gradients against finite differences of those.
#include <cmath>

#include "ops/op_codes.h"
#include "train/attributes.h"
#include "training/doubles.h"

namespace mote::test {
namespace {

// The acceptance bound; in double the two agree much closer.
constexpr double kTolerance = 1e-7;

struct Batch {
  int32_t rows, classes;
  Doubles logits;
  std::vector<int32_t> labels;
};

// -sum over k of target[k] * log(softmax[k]), averaged over the rows that count; no subtraction of
// a maximum, no shortcuts.
double naive_loss(const Batch& b, const SoftmaxCrossEntropyAttrs& a) {
  double loss = 0;
  int counted = 0;
  for (int32_t r = 0; r < b.rows; ++r) {
    int32_t label = b.labels[static_cast<size_t>(r)];
    if (a.ignore_index != -1 && label == a.ignore_index) continue;
    ++counted;
    const double* x = b.logits.data() + r * b.classes;
    double sum = 0;
    for (int32_t k = 0; k < b.classes; ++k) sum += std::exp(x[k]);
    double smoothing = static_cast<double>(a.label_smoothing);
    for (int32_t k = 0; k < b.classes; ++k) {
      double target = (k == label ? 1 - smoothing : 0) + smoothing / b.classes;
      loss -= target * std::log(std::exp(x[k]) / sum);
    }
  }
  return counted == 0 ? 0 : loss / counted;
}

// Central differences: with h = 1e-5 the cut-off is about h^2 and the rounding 1e-16 / h.
template <class Loss>
Doubles differences(Doubles x, Loss loss) {
  constexpr double kH = 1e-5;
  Doubles gradient;
  for (double& element : x) {
    double kept = element;
    element = kept + kH;
    double up = loss(x);
    element = kept - kH;
    gradient.push_back((up - loss(x)) / (2 * kH));
    element = kept;
  }
  return gradient;
}
constexpr double kDifferenceTolerance = 1e-8;

struct Result {
  double loss;
  Doubles gradient;
};

Result cross_entropy(const Batch& b, const SoftmaxCrossEntropyAttrs& attrs) {
  Operands operands;
  ir::ValueId logits = operands.input({b.rows, b.classes}, b.logits);
  operands.node(op_code::softmax_cross_entropy, attrs, {logits, operands.input({b.rows}, b.labels)},
                2);
  auto written = operands.run();
  EXPECT_EQ(written.size(), 2u);
  return {written.at(0).second.at(0), written.at(1).second};
}

Batch draw_batch(int32_t rows, int32_t classes, uint32_t seed, int32_t ignore) {
  std::mt19937 engine(seed);
  Batch b{rows, classes, draw(engine, static_cast<size_t>(rows * classes), -4, 4), {}};
  for (int32_t r = 0; r < rows; ++r) {
    auto label = static_cast<int32_t>(engine() % static_cast<uint32_t>(classes));
    b.labels.push_back(ignore != -1 && r % 3 == 1 ? ignore : label);
  }
  return b;
}

TEST(SoftmaxCrossEntropy, EqualsTheNaiveFormulaAndItsDifferences) {
  for (float smoothing : {0.0f, 0.125f, 1.0f})
    for (int32_t ignore : {-1, -100, 2}) {
      SoftmaxCrossEntropyAttrs attrs{smoothing, ignore};
      Batch b = draw_batch(7, 5, 11, ignore);
      SCOPED_TRACE(std::to_string(smoothing) + ", ignored " + std::to_string(ignore));
      Result got = cross_entropy(b, attrs);
      EXPECT_NEAR(got.loss, naive_loss(b, attrs), kTolerance);
      Doubles gradient = differences(b.logits, [&](const Doubles& x) {
        return naive_loss({b.rows, b.classes, x, b.labels}, attrs);
      });
      expect_near(got.gradient, gradient, kDifferenceTolerance);
    }
}

// 9000 rows of 3 are seven tiles.
TEST(SoftmaxCrossEntropy, AddsUpManyTiles) {
  SoftmaxCrossEntropyAttrs attrs{0.1f, -100};
  Batch b = draw_batch(9000, 3, 12, -100);
  EXPECT_NEAR(cross_entropy(b, attrs).loss, naive_loss(b, attrs), kTolerance);
}

TEST(SoftmaxCrossEntropy, OfIgnoredRowsAloneIsZero) {
  Batch b = draw_batch(4, 3, 13, -1);
  b.labels.assign(4, -100);
  Result got = cross_entropy(b, {0.1f, -100});
  EXPECT_EQ(got.loss, 0);
  EXPECT_EQ(got.gradient, Doubles(12, 0));
}

TEST(SoftmaxCrossEntropy, LargeLogitsDoNotOverflow) {
  Batch b{1, 3, {1e4, 1e4 - 1, -1e4}, {1}};
  Result got = cross_entropy(b, {0, -1});
  double e = std::exp(-1);
  EXPECT_NEAR(got.loss, std::log(1 + e) + 1, kTolerance);
  expect_near(got.gradient, {1 / (1 + e), e / (1 + e) - 1, 0}, kTolerance);
}

TEST(SoftmaxCrossEntropy, RefusesLabelsOutsideTheClasses) {
  for (int32_t label : {3, -1, -2, INT32_MIN, INT32_MAX}) {
    Operands operands;
    ir::ValueId logits = operands.input({1, 3}, Doubles{1, 2, 3});
    operands.node(op_code::softmax_cross_entropy, SoftmaxCrossEntropyAttrs{0, -1},
                  {logits, operands.input({1}, std::vector<int32_t>{label})}, 2);
    Diagnostics diagnostics;
    evaluate(operands.graph, operands.given, diagnostics, Precision::double_);
    EXPECT_NE(diagnostics.text().find("index " + std::to_string(label)), std::string::npos)
        << diagnostics.text();
  }
}

// 10001 elements are three tiles.
TEST(Mse, EqualsTheNaiveFormula) {
  for (int32_t n : {1, 2, 9, 10001}) {
    std::mt19937 engine(14);
    auto count = static_cast<size_t>(n);
    Doubles x = draw(engine, count, -3, 3), target = draw(engine, count, -3, 3), gradient;
    double loss = 0;
    for (size_t i = 0; i < count; ++i) {
      loss += (x[i] - target[i]) * (x[i] - target[i]) / n;
      gradient.push_back(2 * (x[i] - target[i]) / n);
    }
    Operands operands;
    ir::ValueId prediction = operands.input({n}, x);
    operands.node(op_code::mse, {prediction, operands.input({n}, target)}, 2);
    auto written = operands.run();
    EXPECT_NEAR(written.at(0).second.at(0), loss, kTolerance);
    expect_near(written.at(1).second, gradient, kTolerance);
  }
}

}  // namespace
}  // namespace mote::test
