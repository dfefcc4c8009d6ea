// The arena against its plan: nothing is written above the plan, and the last byte of every planned
// buffer is used.
#include <functional>

#include "memory/training_model.h"
#include "mote/converter.h"
#include "support/built_model.h"
#include "support/golden.h"
#include "support/open_models.h"

namespace mote::test {
namespace {

constexpr size_t kMargin = 4096;

// Which bytes a run writes, found by two paints: a byte that kept both was not touched.
// `run` fills the inputs and runs.
std::vector<bool> written_bytes(const Plan& plan, const std::function<void(Session&)>& run) {
  size_t size = plan.report().arena_bytes + kMargin;
  std::vector<bool> written(size, false);
  for (uint8_t paint : {uint8_t{0xA5}, uint8_t{0x5A}}) {
    AlignedBytes arena(std::vector<uint8_t>(size, paint));
    SessionOptions options;
    options.arena = {arena.data(), size};
    Session session = must(Session::create(plan, options));
    run(session);
    for (size_t i = 0; i < size; ++i) written[i] = written[i] || arena.data()[i] != paint;
  }
  return written;
}

void expect_exact(const std::string& name, const Model& model, const Plan& plan,
                  const std::function<void(Session&)>& run) {
  const PlanReport& report = plan.report();
  std::vector<bool> written = written_bytes(plan, run);
  for (size_t i = report.arena_bytes; i < written.size(); ++i) EXPECT_FALSE(written[i]) << i;
  for (const PlannedBuffer& b : plan.buffers()) {
    EXPECT_TRUE(written[b.offset + b.bytes - 1])
        << (b.tensor < 0 ? "scratch of step " + std::to_string(b.first_step)
                         : std::string(model.tensor(static_cast<uint32_t>(b.tensor)).name));
  }
  double ratio =
      static_cast<double>(report.arena_bytes) / static_cast<double>(report.peak_live_bytes);
  printf("%s: arena %zu, peak of live bytes %zu, ratio %.4f\n", name.c_str(),
         static_cast<size_t>(report.arena_bytes), static_cast<size_t>(report.peak_live_bytes),
         ratio);
  EXPECT_LE(ratio, 1.05);
}

class Arena : public testing::TestWithParam<std::string> {};

TEST_P(Arena, IsExactlyThePlan) {
  if (material_dir() == nullptr) GTEST_SKIP() << "MOTE_MATERIAL_DIR is not set";
  GoldenSet set = read_golden(GetParam());
  ConvertResult result = convert({set.model.data(), set.model.size()});
  ASSERT_TRUE(result.ok()) << result.text();
  AlignedBytes bytes(result.bytes);
  Model model = must(Model::load(bytes.span(), inference_operators()));
  for (bool pack : {true, false}) {
    PlanOptions options;
    options.pack_weights = pack;
    options.arena_alignment = 16;
    Plan plan = must(Plan::create(model, {}, options));
    expect_exact(set.name + (pack ? " (packed)" : ""), model, plan, [&](Session& session) {
      for (uint32_t i = 0; i < set.inputs.size(); ++i) {
        Span<uint8_t> memory = must(session.input(0, i));
        memcpy(memory.data, set.inputs[i].at(0), memory.size);
      }
      EXPECT_TRUE(session.run().ok());
    });
  }
}

class OpenArena : public testing::TestWithParam<OpenModel> {};

// At the largest sizes every buffer is used to its end; at no size is anything written above.
TEST_P(OpenArena, IsExactlyThePlan) {
  const OpenModel& source = GetParam();
  ConvertResult result = convert({source.bytes.data(), source.bytes.size()}, open_options(source));
  ASSERT_TRUE(result.ok()) << result.text();
  AlignedBytes bytes(result.bytes);
  Model model = must(Model::load(bytes.span(), inference_operators()));
  PlanOptions options;
  options.arena_alignment = 16;
  Plan plan = must(Plan::create(model, {}, options));
  auto run = [&](Session& session, const Sizes& sizes) {
    std::vector<Shape> shapes = input_shapes(session, source, sizes);
    Status changed = session.set_shapes(0, {shapes.data(), shapes.size()});
    ASSERT_TRUE(changed.ok()) << text_of(changed);
    fill_inputs(session, model, 1);
    Status ran = session.run();
    ASSERT_TRUE(ran.ok()) << text_of(ran);
  };
  const std::vector<Sizes> all = all_sizes(source);
  expect_exact(source.name, model, plan, [&](Session& session) { run(session, all.back()); });
  std::vector<bool> written = written_bytes(plan, [&](Session& session) {
    for (const Sizes& sizes : all) run(session, sizes);
  });
  for (size_t i = plan.report().arena_bytes; i < written.size(); ++i) EXPECT_FALSE(written[i]) << i;
}

INSTANTIATE_TEST_SUITE_P(Onnx, OpenArena, testing::ValuesIn(open_models()),
                         [](const auto& info) { return info.param.name; });

// A step of training, then `infer` with the derive graphs that are due.
TEST(TrainingArena, IsExactlyThePlan) {
  TrainingModel net;
  PlanOptions options;
  options.arena_alignment = 16;
  std::vector<uint32_t> entries = {net.train, net.infer};
  Plan plan = must(Plan::create(net.model, {entries.data(), entries.size()}, options));
  expect_exact("training", net.model, plan, [&](Session& session) {
    for (uint32_t entry : entries) {
      TrainingModel::fill(session, net.model, entry);
      Status ran = session.run(entry);
      EXPECT_TRUE(ran.ok()) << text_of(ran);
    }
  });
}

INSTANTIATE_TEST_SUITE_P(Sets, Arena, testing::ValuesIn(golden_names()),
                         [](const auto& info) { return test_name(info.param); });

}  // namespace
}  // namespace mote::test
