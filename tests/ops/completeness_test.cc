// Every operator of core/ops/ops.inc and core/train/ops.inc is whole: what its row, its kernels and
// its cases must have.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "grad/rule.h"
#include "ir/checked_node.h"
#include "ir/op_view.h"
#include "ops/all_cases.h"
#include "ops/run_case.h"

namespace mote {
#define MOTE_OPERATOR(number, name) extern const Kernel name##_f64;
#include "ops/ops.inc"
#include "train/ops.inc"
#undef MOTE_OPERATOR
}  // namespace mote

namespace mote::test {
namespace {

constexpr size_t kCasesPerVariant = 50;

class Completeness : public testing::TestWithParam<OperatorCases> {
 protected:
  const Operator& op() const { return *ir::find_operator(GetParam().code); }
};

TEST_P(Completeness, RowIsFilledIn) {
  const Operator* o = ir::find_operator(GetParam().code);
  ASSERT_NE(o, nullptr);
  EXPECT_STREQ(o->name, GetParam().name);
  EXPECT_GE(o->version, 1);
  EXPECT_LE(o->min_inputs, o->max_inputs);
  EXPECT_LE(o->graphs, 2);
  EXPECT_NE(o->check, nullptr);
  EXPECT_NE(o->shape, nullptr);
  EXPECT_NE(o->attributes_kind, 0);
  EXPECT_NE(o->read, nullptr);
}

TEST_P(Completeness, ReferenceKernelsStandLastAndAreScalar) {
  ASSERT_FALSE(op().kernels.empty());
  bool seen_reference = false;
  std::set<std::string> names;
  for (const Kernel& k : op().kernels) {
    ASSERT_NE(k.name, nullptr);
    EXPECT_TRUE(names.insert(k.name).second) << k.name << " appears twice";
    EXPECT_EQ(std::string(k.name).rfind(GetParam().name, 0), 0u)
        << k.name << " does not start with the operator's name";
    EXPECT_NE(k.accepts, nullptr) << k.name;
    EXPECT_EQ(k.run == nullptr, op().graphs != 0) << k.name;  // the session runs control flow
    EXPECT_TRUE(k.reference || !seen_reference) << k.name << " stands after a reference";
    if (k.reference) {
      seen_reference = true;
      EXPECT_EQ(k.isa, Isa::scalar) << k.name;
      EXPECT_EQ(k.pack, nullptr) << k.name;
    }
  }
  EXPECT_TRUE(seen_reference);
}

TEST_P(Completeness, DoubleReferenceIsWholeOrEmpty) {
  static const std::map<uint16_t, const Kernel*> kDouble = {
#define MOTE_OPERATOR(number, name) {number, &name##_f64},
#include "ops/ops.inc"
#include "train/ops.inc"
#undef MOTE_OPERATOR
  };
  const Kernel& k = *kDouble.at(GetParam().code);
  EXPECT_NE(k.name, nullptr);
  EXPECT_EQ(k.accepts == nullptr, k.run == nullptr);
}

// The variants an operator takes are those of its reference kernels; at least float32 or int8.
TEST_P(Completeness, HasCasesOfEveryVariant) {
  std::map<Type, size_t> count;
  std::map<std::string, size_t> per_reference;
  for (const Kernel& k : op().kernels)
    if (k.reference) per_reference[k.name] = 0;
  for (const Case& c : cases_of(GetParam())) {
    ir::Graph graph = case_graph(c, 1);
    CheckedNode node;
    Diagnostics diagnostics;
    ASSERT_TRUE(node.init(graph, graph.nodes[0], diagnostics)) << c.name << diagnostics.text();
    ASSERT_TRUE(op().check(node.view).ok())
        << c.name << ": " << ir::describe_status(op().check(node.view));
    ++count[c.inputs[0].type];
    const Kernel* last = nullptr;
    for (const Kernel& k : op().kernels)
      if (k.reference && k.accepts(node.view)) last = &k;
    ASSERT_NE(last, nullptr) << c.name << " has no reference kernel";
    ++per_reference[last->name];
  }
  EXPECT_FALSE(count.empty()) << "its folder lacks cases.cc";
  for (Type t : {Type::float32, Type::int8})
    EXPECT_TRUE(count[t] == 0 || count[t] >= kCasesPerVariant)
        << count[t] << " cases of " << type_name(t);
  for (const auto& [name, n] : per_reference) EXPECT_GT(n, 0u) << name << " is never reached";
}

TEST_P(Completeness, HasAGradientOrAReasonForNone) {
  const Gradient* gradient = find_gradient(GetParam().code);
  ASSERT_NE(gradient, nullptr) << "converter/grad/gradients.inc lacks it";
  EXPECT_STREQ(gradient->name, GetParam().name);
  EXPECT_NE(gradient->rule == nullptr, gradient->reason == nullptr);
}

TEST_P(Completeness, ReferenceRunsEveryCase) {
  size_t index = 0;
  for (const Case& c : cases_of(GetParam())) {
    ReferenceRun run = run_reference(c, case_seed(index++));
    EXPECT_EQ(run.error, "") << c.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Operators, Completeness, testing::ValuesIn(all_cases()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace mote::test
