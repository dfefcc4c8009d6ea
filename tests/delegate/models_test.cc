// Real models, most of whose operators go to the device.
#include "delegate/loopback_device.h"
#include "mote/converter.h"
#include "mote/platform.h"
#include "support/golden.h"

namespace mote::test {
namespace {

constexpr const char* kInteger = "mlperf_tiny__pretrainedResnet_quant";
constexpr const char* kFloat = "mlperf_tiny__pretrainedResnet";

class Models : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (material_dir() == nullptr) GTEST_SKIP() << "MOTE_MATERIAL_DIR is not set";
    set = read_golden(GetParam());
    ConvertResult result = convert({set.model.data(), set.model.size()});
    ASSERT_TRUE(result.ok()) << result.text();
    bytes = AlignedBytes(result.bytes);
    model = must(Model::load(bytes.span(), inference_operators()));
  }
  std::vector<uint8_t> run(Session& session, size_t c) {
    Span<uint8_t> memory = must(session.input(0, 0));
    memcpy(memory.data, set.inputs[0].at(c), memory.size);
    Status status = session.run();
    EXPECT_TRUE(status.ok()) << text_of(status);
    return read_outputs(session, model, 0);
  }
  GoldenSet set;
  AlignedBytes bytes;
  Model model;
  Loopback loopback;
  WithDelegates with{&loopback.table()};
};

TEST_P(Models, GiveTheCpusResults) {
  Plan plan = must(Plan::create(model, {}, with.options)), cpu = must(Plan::create(model));
  ASSERT_GE(plan.partitions().size, 2u);
  for (const StepInfo& s : plan.steps(0)) {
    std::string name = model.operator_info(s.op).name;
    EXPECT_EQ(s.partition >= 0, std::string(s.reason).empty()) << name << ": " << s.reason;
    EXPECT_TRUE(name != "conv2d" || s.partition >= 0) << s.reason;
  }
  Session session = must(Session::create(plan)), expected = must(Session::create(cpu));
  for (size_t c = 0; c < std::min<size_t>(set.cases, 3); ++c) {
    expect_equal(run(session, c), run(expected, c), set.outputs[0].type);
  }
  for (uint32_t p = 0; p < plan.partitions().size; ++p) EXPECT_TRUE(session.partition_active(p));
}

// One wrong bit in one partition: that one stays on the CPU, which the report says.
TEST_P(Models, AWrongPartitionIsFound) {
  loopback.options().wrong_run = 0;
  Plan wrong = must(Plan::create(model, {}, with.options));
  loopback.options().wrong_run = -1;
  Plan plan = must(Plan::create(model, {}, with.options)), cpu = must(Plan::create(model));
  EXPECT_EQ(wrong.partitions().size + 1, plan.partitions().size);
  Session session = must(Session::create(wrong)), expected = must(Session::create(cpu));
  expect_equal(run(session, 0), run(expected, 0), set.outputs[0].type);
}

TEST_P(Models, ALossAtEveryPartitionFallsBack) {
  loopback.options().operators = "conv2d";
  Plan plan = must(Plan::create(model, {}, with.options)), cpu = must(Plan::create(model));
  Session expected = must(Session::create(cpu));
  std::vector<uint8_t> right = run(expected, 0);
  auto count = static_cast<uint32_t>(plan.partitions().size);
  ASSERT_GE(count, 3u);
  for (uint32_t k = 0; k < count; ++k) {
    loopback.options().lost_run = -1;
    Session session = must(Session::create(plan));
    loopback.options().lost_run = loopback.counts().runs + k;
    expect_equal(run(session, 0), right, set.outputs[0].type);
    for (uint32_t p = 0; p < count; ++p) EXPECT_EQ(session.partition_active(p), p < k);
  }
}

INSTANTIATE_TEST_SUITE_P(Sets, Models, testing::Values(kInteger, kFloat),
                         [](const auto& info) { return test_name(info.param); });

}  // namespace
}  // namespace mote::test
