// Nothing is allocated from the end of Session::create through the first run and after.
#include "core/control_graphs.h"
#include "dynamic/models.h"
#include "memory/count_calls.h"
#include "mote/converter.h"
#include "mote/platform.h"
#include "support/built_model.h"
#include "support/golden.h"
#include "support/open_models.h"

namespace mote::test {
namespace {

TEST(Counting, SeesAllocations) {
  start_counting();
  void* volatile p = malloc(10);
  free(p);
  auto* volatile q = new int(3);
  delete q;
  EXPECT_EQ(stop_counting(), 4);
}

TEST(Heap, IsNotTouchedByChangingShapes) {
  Diagnostics diagnostics;
  AlignedBytes bytes(export_module(DynamicNet(Type::int8, {2, 24}, {2, 24}).module(), diagnostics));
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  Model model = must(Model::load(bytes.span(), inference_operators()));
  for (uint32_t threads : {1u, 2u}) {
    OwnedThreadPool pool = must(OwnedThreadPool::create(threads));
    PlanOptions options;
    options.threads = threads;
    Plan plan = must(Plan::create(model, {}, options));
    SessionOptions session_options;
    session_options.pool = pool.callbacks();
    Session session = must(Session::create(plan, session_options));
    Shape shapes[] = {ir::shape_of({1, 9, 24, 3}).max(), ir::shape_of({1, 24, 2, 3}).max(),
                      ir::shape_of({1, 25, 2, 3}).max()};
    Status changed[3], ran[3];
    start_counting();
    for (int i = 0; i < 3; ++i) {
      changed[i] = session.set_shape(0, 0, shapes[i]);
      ran[i] = session.run();
    }
    long calls = stop_counting();
    EXPECT_EQ(calls, 0) << threads << " threads";
    EXPECT_TRUE(changed[0].ok() && changed[1].ok());
    EXPECT_EQ(changed[2].code, Code::shape_out_of_bounds);
    EXPECT_TRUE(ran[0].ok() && ran[1].ok() && ran[2].ok());
  }
}

TEST(Heap, IsNotTouchedByControlFlow) {
  for (uint32_t seed = 0; seed < 20; ++seed) {
    BuiltModel built(std::vector<ir::Graph>{RandomProgram(seed).make("infer", 2, 2, 3)});
    Plan plan = must(Plan::create(built.model));
    Session session = must(Session::create(plan));
    start_counting();
    Status ran = session.run();
    long calls = stop_counting();
    EXPECT_EQ(calls, 0) << "seed " << seed;
    EXPECT_TRUE(ran.ok()) << text_of(ran);
  }
}

class HeapOfOpenModels : public testing::TestWithParam<OpenModel> {};

// At the smallest sizes, the largest and some between, with the inputs written in between.
TEST_P(HeapOfOpenModels, IsNotTouchedByChangingShapes) {
  const OpenModel& source = GetParam();
  ConvertResult result = convert({source.bytes.data(), source.bytes.size()}, open_options(source));
  ASSERT_TRUE(result.ok()) << result.text();
  AlignedBytes bytes(result.bytes);
  Model model = must(Model::load(bytes.span(), inference_operators()));
  for (uint32_t threads : {1u, 2u}) {
    OwnedThreadPool pool = must(OwnedThreadPool::create(threads));
    PlanOptions options;
    options.threads = threads;
    Plan plan = must(Plan::create(model, {}, options));
    SessionOptions session_options;
    session_options.pool = pool.callbacks();
    Session session = must(Session::create(plan, session_options));
    const std::vector<Sizes> all = all_sizes(source);
    std::vector<std::vector<Shape>> shapes;
    for (size_t i : {size_t{0}, all.size() - 1, all.size() / 2, all.size() / 3})
      shapes.push_back(input_shapes(session, source, all[i]));
    Status changed, ran;
    start_counting();
    for (const std::vector<Shape>& s : shapes) {
      if (changed.ok()) changed = session.set_shapes(0, {s.data(), s.size()});
      fill_inputs(session, model, 1);
      if (ran.ok()) ran = session.run();
    }
    long calls = stop_counting();
    EXPECT_EQ(calls, 0) << threads << " threads";
    EXPECT_TRUE(changed.ok()) << text_of(changed);
    EXPECT_TRUE(ran.ok()) << text_of(ran);
  }
}

INSTANTIATE_TEST_SUITE_P(Onnx, HeapOfOpenModels, testing::ValuesIn(open_models()),
                         [](const auto& info) { return info.param.name; });

class HeapOfModels : public testing::TestWithParam<std::string> {};

TEST_P(HeapOfModels, IsNotTouchedAfterTheSessionIsCreated) {
  if (material_dir() == nullptr) GTEST_SKIP() << "MOTE_MATERIAL_DIR is not set";
  GoldenSet set = read_golden(GetParam());
  ConvertResult result = convert({set.model.data(), set.model.size()});
  ASSERT_TRUE(result.ok()) << result.text();
  AlignedBytes bytes(result.bytes);
  Model model = must(Model::load(bytes.span(), inference_operators()));
  for (uint32_t threads : {1u, 2u}) {
    OwnedThreadPool pool = must(OwnedThreadPool::create(threads));
    PlanOptions options;
    options.threads = threads;
    Plan plan = must(Plan::create(model, {}, options));
    SessionOptions session_options;
    session_options.pool = pool.callbacks();
    Session session = must(Session::create(plan, session_options));
    start_counting();
    Result<Shape> shape = session.input_shape(0, 0);
    Status shaped = session.set_shape(0, 0, shape.value());
    Result<Span<uint8_t>> memory = session.input(0, 0);
    memcpy(memory.value().data, set.inputs[0].at(0), memory.value().size);
    Status first = session.run();
    Status second = session.run();
    long calls = stop_counting();
    EXPECT_EQ(calls, 0) << threads << " threads";
    EXPECT_TRUE(shaped.ok() && first.ok() && second.ok());
  }
}

INSTANTIATE_TEST_SUITE_P(Sets, HeapOfModels, testing::ValuesIn(golden_names()),
                         [](const auto& info) { return test_name(info.param); });

}  // namespace
}  // namespace mote::test
