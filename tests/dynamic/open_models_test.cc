// Models whose dimensions were left open (`--bound`): at every size within the bounds, the bits of
// the same source converted for that size alone (`--shape`).
#include "support/open_models.h"

#include "mote/platform.h"
#include "support/built_model.h"
#include "support/golden.h"

namespace mote::test {
namespace {

struct Loaded {
  Loaded(const OpenModel& source, const ConvertOptions& options, uint32_t threads) {
    ConvertResult result = convert({source.bytes.data(), source.bytes.size()}, options);
    EXPECT_TRUE(result.ok()) << result.text();
    if (!result.ok()) return;
    bytes = AlignedBytes(result.bytes);
    model = must(Model::load(bytes.span(), inference_operators()));
    pool = must(OwnedThreadPool::create(threads));
    PlanOptions plan_options;
    plan_options.threads = threads;
    plan = must(Plan::create(model, {}, plan_options));
    SessionOptions session_options;
    session_options.pool = pool.callbacks();
    session = must(Session::create(plan, session_options));
  }
  void run(uint32_t seed) {
    fill_inputs(session, model, seed);
    Status ran = session.run();
    ASSERT_TRUE(ran.ok()) << text_of(ran);
  }
  AlignedBytes bytes;
  Model model;
  OwnedThreadPool pool;
  Plan plan;
  Session session;
};

std::string text_of(const Sizes& sizes) {
  std::string text;
  for (const auto& [name, size] : sizes) text += name + " " + std::to_string(size) + " ";
  return text;
}

void expect_equal(const Loaded& a, const Loaded& b) {
  const EntryPointInfo& entry = a.model.entry_point(0);
  ASSERT_EQ(entry.outputs.size, b.model.entry_point(0).outputs.size);
  for (uint32_t o = 0; o < entry.outputs.size; ++o) {
    Span<const uint8_t> x = must(a.session.output(0, o)), y = must(b.session.output(0, o));
    ASSERT_EQ(x.size, y.size) << "output " << o;
    ASSERT_EQ(memcmp(x.data, y.data, x.size), 0) << "output " << o;
  }
}

void expect_every_size_as_static(const OpenModel& source) {
  Loaded one(source, open_options(source), 1), two(source, open_options(source), 2);
  ASSERT_TRUE(one.session.valid() && two.session.valid());
  for (const Sizes& sizes : all_sizes(source)) {
    SCOPED_TRACE(text_of(sizes));
    Loaded fixed(source, static_options(source, sizes), 1);
    ASSERT_TRUE(fixed.session.valid());
    for (Loaded* open : {&one, &two}) {
      std::vector<Shape> shapes = input_shapes(open->session, source, sizes);
      Status changed = open->session.set_shapes(0, {shapes.data(), shapes.size()});
      ASSERT_TRUE(changed.ok()) << test::text_of(changed);
    }
    for (uint32_t seed : {1u, 2u}) {
      for (Loaded* loaded : {&one, &two, &fixed}) loaded->run(seed);
      if (testing::Test::HasFatalFailure()) return;
      for (Loaded* open : {&one, &two}) expect_equal(*open, fixed);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

class OpenDimensions : public testing::TestWithParam<OpenModel> {};

TEST_P(OpenDimensions, EverySizeEqualsTheStaticModel) { expect_every_size_as_static(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Onnx, OpenDimensions, testing::ValuesIn(open_models()),
                         [](const auto& info) { return info.param.name; });

// Real models, with the dimensions that their exporters left open.
OpenModel real_model(const std::string& path, const std::vector<OpenModel::Input>& inputs,
                     const std::map<std::string, Dim>& bounds) {
  OpenModel source;
  source.bytes = read_file(std::string(material_dir()) + "/models/" + path);
  source.inputs = inputs;
  source.bounds = bounds;
  return source;
}

TEST(RealModels, EveryBatchOfAResidualNetworkEqualsTheStaticModel) {
  if (material_dir() == nullptr) GTEST_SKIP() << "MOTE_MATERIAL_DIR is not set";
  expect_every_size_as_static(real_model("pytorch/resnet20_cifar10.onnx",
                                         {{"input", {"n", "3", "32", "32"}}}, {{"n", {1, 4}}}));
}

// Its branches depend on shapes of which the batch alone is open.
TEST(RealModels, EveryBatchOfAVoiceDetectorEqualsTheStaticModel) {
  if (material_dir() == nullptr) GTEST_SKIP() << "MOTE_MATERIAL_DIR is not set";
  OpenModel source =
      real_model("silero_vad/silero_vad_16k_op15.onnx",
                 {{"input", {"batch", "sequence"}}, {"state", {"2", "batch", "128"}}},
                 {{"batch", {1, 4}}, {"sequence", {576, 576}}});
  source.fixed_inputs["sr"] = {16000};
  expect_every_size_as_static(source);
}

class TextDirection : public testing::TestWithParam<std::tuple<Dim, Dim, Dim>> {};

TEST_P(TextDirection, EverySizeEqualsTheStaticModel) {
  if (material_dir() == nullptr) GTEST_SKIP() << "MOTE_MATERIAL_DIR is not set";
  const char *n = "p2o.DynamicDimension.0", *h = "p2o.DynamicDimension.1",
             *w = "p2o.DynamicDimension.2";
  auto [batch, height, width] = GetParam();
  expect_every_size_as_static(real_model("ppocr/ch_ppocr_mobile_v2.0_cls_infer.onnx",
                                         {{"x", {n, "3", h, w}}},
                                         {{n, batch}, {h, height}, {w, width}}));
}

// The sizes that it was made for, and smaller ones.
INSTANTIATE_TEST_SUITE_P(Sizes, TextDirection,
                         testing::Values(std::tuple<Dim, Dim, Dim>{{1, 3}, {48, 48}, {192, 192}},
                                         std::tuple<Dim, Dim, Dim>{{1, 1}, {48, 48}, {90, 97}},
                                         std::tuple<Dim, Dim, Dim>{{1, 2}, {46, 48}, {61, 65}}),
                         [](const auto& info) { return "Case" + std::to_string(info.index); });

}  // namespace
}  // namespace mote::test
