// Every operator's gradient, and that there is one or a reason.
#include <gtest/gtest.h>

#include "grad/cases.h"
#include "grad/rule.h"

namespace mote::test {
namespace {

constexpr uint32_t kCases = 50;

TEST(Gradients, EveryOperatorHasOneOrAReason) {
#define MOTE_OPERATOR(number, name)                                      \
  {                                                                      \
    const Gradient* g = find_gradient(number);                           \
    ASSERT_NE(g, nullptr) << #name " is missing in gradients.inc";       \
    EXPECT_TRUE(g->rule != nullptr || std::string(g->reason).size() > 9) \
        << #name " has neither a rule nor a reason";                     \
  }
#include "ops/ops.inc"
#include "train/ops.inc"
#undef MOTE_OPERATOR
}

TEST(Gradients, EveryRuleIsChecked) {
  for (const Gradient& g : gradients()) {
    bool found = false;
    for (const OperatorGradientCases& cases : gradient_cases()) found = found || cases.op == g.op;
    EXPECT_EQ(found, g.rule != nullptr && !g.straight_through) << g.name;
  }
}

class OperatorGradient : public testing::TestWithParam<OperatorGradientCases> {};

TEST_P(OperatorGradient, AgreesWithCentralDifferences) {
  for (uint32_t i = 0; i < kCases; ++i) {
    GradientCase c(i);
    GetParam().make(c);
    ASSERT_FALSE(c.graph.nodes.empty()) << "case " << i << " was refused";
    ASSERT_EQ(c.graph.nodes.back().op, GetParam().op);
    ASSERT_EQ(c.check(), "") << "case " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Operators, OperatorGradient,
                         testing::ValuesIn(gradient_cases().begin(), gradient_cases().end()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace mote::test
