// The references in double give what those in float32 give, up to float32's rounding.
#include <gtest/gtest.h>

#include <cmath>

#include "ops/all_cases.h"
#include "ops/run_case.h"

namespace mote::test {
namespace {

// A few thousand roundings of 2^-24 at most.
constexpr double kTolerance = 1e-4;

class Double : public testing::TestWithParam<OperatorCases> {};

std::vector<double> widen(const ir::Bytes& bytes) {
  std::vector<double> out(bytes.size() / sizeof(float));
  auto* from = reinterpret_cast<const float*>(bytes.data());
  for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<double>(from[i]);
  return out;
}

// The inputs of the graph with every float32 widened.
std::vector<Evaluated> widened_inputs(const ReferenceRun& run) {
  std::vector<Evaluated> inputs = run.inputs;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (run.graph.value(run.graph.inputs[i].value).type != Type::float32) continue;
    std::vector<double> wide = widen(inputs[i].bytes);
    inputs[i].bytes.resize(wide.size() * sizeof(double));
    if (!wide.empty()) memcpy(inputs[i].bytes.data(), wide.data(), inputs[i].bytes.size());
  }
  return inputs;
}

void compare_doubles(const ir::Bytes& reference, const ir::Bytes& wide) {
  std::vector<double> expected = widen(reference);
  ASSERT_EQ(wide.size(), expected.size() * sizeof(double));
  auto* got = reinterpret_cast<const double*>(wide.data());
  for (size_t i = 0; i < expected.size(); ++i) {
    if (!std::isfinite(expected[i])) continue;  // overflow of float32
    ASSERT_LE(std::fabs(got[i] - expected[i]), kTolerance * std::fmax(1, std::fabs(expected[i])))
        << "element " << i;
  }
}

TEST_P(Double, AgreesWithFloat) {
  size_t index = 0;
  for (const Case& c : cases_of(GetParam())) {
    SCOPED_TRACE(c.name);
    ReferenceRun run = run_reference(c, case_seed(index++));
    std::vector<Evaluated> written;
    Diagnostics diagnostics;
    evaluate(run.graph, widened_inputs(run), diagnostics, Precision::double_,
             [&](ir::ValueId, const Evaluated& e) { written.push_back(e); });
    ASSERT_EQ(diagnostics.text(), "");
    ASSERT_EQ(written.size(), run.outputs.size());
    for (size_t i = 0; i < written.size(); ++i) {
      Type type = c.outputs.empty() ? c.inputs[0].type : c.outputs[i].type;
      EXPECT_EQ(written[i].shape, run.outputs[i].shape);
      if (type == Type::float32) {
        compare_doubles(run.outputs[i].bytes, written[i].bytes);
      } else {
        EXPECT_EQ(written[i].bytes, run.outputs[i].bytes);
      }
    }
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Operators, Double, testing::ValuesIn(all_cases()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace mote::test
