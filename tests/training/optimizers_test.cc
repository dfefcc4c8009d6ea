// Ten steps of every optimizer in double against the formulas of the papers, with moments written
// out as sums over all gradients so far.
#include <cmath>

#include "ops/op_codes.h"
#include "train/attributes.h"
#include "training/doubles.h"

namespace mote::test {
namespace {

constexpr int kSteps = 10;
constexpr int32_t kSize = 37;
// The acceptance bound; in double the two agree much closer.
constexpr double kTolerance = 1e-7;

// Gradients and changing rates of a course. The parameters start at 0: states hold float32.
struct Course {
  explicit Course(uint32_t seed) : engine(seed) {
    for (int t = 0; t < kSteps; ++t) {
      gradients.push_back(draw(engine, kSize, -2, 2));
      rates.push_back(0.1 / (1 + t) + (t == 4 ? 0.5 : 0));
    }
  }
  std::mt19937 engine;
  std::vector<Doubles> gradients;
  Doubles rates;
};

// sum over k <= t of decay^(t - k) * terms[k]
double decayed_sum(const Doubles& terms, double decay) {
  double sum = 0;
  for (size_t k = 0; k < terms.size(); ++k)
    sum += std::pow(decay, static_cast<double>(terms.size() - 1 - k)) * terms[k];
  return sum;
}

// The parameter after every step, for one element: `step` takes t from 0, the parameter and the
// gradients so far, with weight decay where it belongs to them.
template <class Step>
std::vector<Doubles> papers(const Course& course, double decay_of_gradient, Step step) {
  std::vector<Doubles> after(kSteps, Doubles(kSize));
  for (int32_t i = 0; i < kSize; ++i) {
    double parameter = 0;
    Doubles gradients;
    for (int t = 0; t < kSteps; ++t) {
      auto at = static_cast<size_t>(t), element = static_cast<size_t>(i);
      gradients.push_back(course.gradients[at][element] + decay_of_gradient * parameter);
      parameter = step(t, parameter, gradients);
      after[at][element] = parameter;
    }
  }
  return after;
}

// The parameter after every node; the states are carried from node to node in double.
std::vector<Doubles> parameters_of(const Operands& operands, ir::ValueId parameter) {
  std::vector<Doubles> after;
  for (auto& [value, elements] : operands.run())
    if (value == parameter) after.push_back(elements);
  return after;
}

void expect_equal_runs(const std::vector<Doubles>& got, const std::vector<Doubles>& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (size_t t = 0; t < got.size(); ++t) {
    SCOPED_TRACE("step " + std::to_string(t + 1));
    expect_near(got[t], expected[t], kTolerance);
  }
}

struct SgdSetting {
  const char* name;
  bool nesterov;
  double momentum, weight_decay;
};
void PrintTo(const SgdSetting& s, std::ostream* out) { *out << s.name; }

class Sgd : public testing::TestWithParam<SgdSetting> {};

TEST_P(Sgd, EqualsThePapersFormula) {
  const SgdSetting& s = GetParam();
  Course course(1);
  Operands operands;
  ir::ValueId parameter = operands.state({kSize}), velocity = operands.state({kSize});
  for (int t = 0; t < kSteps; ++t) {
    auto at = static_cast<size_t>(t);
    operands.node(op_code::sgd, OptimizerAttrs{s.nesterov ? 1 : 0, 0},
                  {parameter, velocity, operands.input({kSize}, course.gradients[at]),
                   operands.input({1}, Doubles{course.rates[at]}),
                   operands.input({2}, Doubles{s.momentum, s.weight_decay})});
  }
  auto expected = papers(course, s.weight_decay, [&](int t, double p, const Doubles& g) {
    double velocity_now = decayed_sum(g, s.momentum);
    double direction = s.nesterov ? g.back() + s.momentum * velocity_now : velocity_now;
    return p - course.rates[static_cast<size_t>(t)] * direction;
  });
  expect_equal_runs(parameters_of(operands, parameter), expected);
}

INSTANTIATE_TEST_SUITE_P(Settings, Sgd,
                         testing::Values(SgdSetting{"plain", false, 0, 0},
                                         SgdSetting{"momentum", false, 0.9, 0},
                                         SgdSetting{"nesterov", true, 0.9, 0},
                                         SgdSetting{"weight_decay", false, 0, 0.3},
                                         SgdSetting{"all", true, 0.7, 0.2}),
                         [](const auto& info) { return std::string(info.param.name); });

struct AdamSetting {
  const char* name;
  bool decoupled;
  double beta1, beta2, epsilon, weight_decay;
};
void PrintTo(const AdamSetting& s, std::ostream* out) { *out << s.name; }

class Adam : public testing::TestWithParam<AdamSetting> {};

// Kingma and Ba, algorithm 1; Loshchilov and Hutter, algorithm 2.
TEST_P(Adam, EqualsThePapersFormula) {
  const AdamSetting& s = GetParam();
  Course course(2);
  Operands operands;
  ir::ValueId parameter = operands.state({kSize}), first = operands.state({kSize}),
              second = operands.state({kSize});
  for (int t = 0; t < kSteps; ++t) {
    auto at = static_cast<size_t>(t);
    operands.node(op_code::adam, OptimizerAttrs{0, s.decoupled ? 1 : 0},
                  {parameter, first, second, operands.input({kSize}, course.gradients[at]),
                   operands.input({1}, Doubles{course.rates[at]}),
                   operands.input({1}, std::vector<int32_t>{t + 1}),
                   operands.input({4}, Doubles{s.beta1, s.beta2, s.epsilon, s.weight_decay})});
  }
  double coupled = s.decoupled ? 0 : s.weight_decay, decoupled = s.weight_decay - coupled;
  auto expected = papers(course, coupled, [&](int t, double p, const Doubles& g) {
    Doubles squares;
    for (double x : g) squares.push_back(x * x);
    double mean = (1 - s.beta1) * decayed_sum(g, s.beta1) / (1 - std::pow(s.beta1, t + 1));
    double square = (1 - s.beta2) * decayed_sum(squares, s.beta2) / (1 - std::pow(s.beta2, t + 1));
    double rate = course.rates[static_cast<size_t>(t)];
    return p - rate * mean / (std::sqrt(square) + s.epsilon) - rate * decoupled * p;
  });
  expect_equal_runs(parameters_of(operands, parameter), expected);
}

INSTANTIATE_TEST_SUITE_P(Settings, Adam,
                         testing::Values(AdamSetting{"adam", false, 0.9, 0.999, 1e-8, 0},
                                         AdamSetting{"weight_decay", false, 0.9, 0.999, 1e-8, 0.3},
                                         AdamSetting{"adamw", true, 0.9, 0.999, 1e-8, 0.3},
                                         AdamSetting{"large_epsilon", true, 0.5, 0.25, 0.1, 0.1}),
                         [](const auto& info) { return std::string(info.param.name); });

// A step below 1 would divide by zero or take roots of negative numbers.
TEST(AdamStep, BelowOneCountsAsOne) {
  Course course(3);
  std::vector<Doubles> after;
  for (int32_t step : {1, 0, -5, INT32_MIN}) {
    Operands operands;
    ir::ValueId parameter = operands.state({kSize});
    operands.node(op_code::adam, OptimizerAttrs{},
                  {parameter, operands.state({kSize}), operands.state({kSize}),
                   operands.input({kSize}, course.gradients[0]), operands.input({1}, Doubles{0.1}),
                   operands.input({1}, std::vector<int32_t>{step}),
                   operands.input({4}, Doubles{0.9, 0.999, 1e-8, 0})});
    after.push_back(parameters_of(operands, parameter).at(0));
    EXPECT_EQ(after.back(), after.front()) << "step " << step;
  }
}

}  // namespace
}  // namespace mote::test
