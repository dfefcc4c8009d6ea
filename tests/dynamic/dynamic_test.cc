// set_shape: at every size within the bounds, the bits of the model that is static at that size.
#include "dynamic/models.h"
#include "mote/converter.h"
#include "mote/platform.h"
#include "support/built_model.h"
#include "support/golden.h"

namespace mote::test {
namespace {

struct Loaded {
  explicit Loaded(const std::vector<uint8_t>& file, uint32_t threads = 1) : bytes(file) {
    model = must(Model::load(bytes.span(), inference_operators()));
    pool = must(OwnedThreadPool::create(threads));
    PlanOptions options;
    options.threads = threads;
    plan = must(Plan::create(model, {}, options));
    SessionOptions session_options;
    session_options.pool = pool.callbacks();
    session = must(Session::create(plan, session_options));
  }
  AlignedBytes bytes;
  Model model;
  OwnedThreadPool pool;
  Plan plan;
  Session session;
};

std::vector<uint8_t> exported(const ir::Module& module) {
  Diagnostics diagnostics;
  std::vector<uint8_t> bytes = export_module(module, diagnostics);
  EXPECT_TRUE(diagnostics.empty()) << diagnostics.text();
  return bytes;
}

// Fills the input with numbers that depend on the place only, and runs.
void run(Session& session) {
  Span<uint8_t> memory = must(session.input(0, 0));
  std::mt19937 random(3);
  for (uint8_t& b : memory) b = static_cast<uint8_t>(random());
  ASSERT_TRUE(session.run().ok());
}
void run_floats(Session& session) {
  Span<uint8_t> memory = must(session.input(0, 0));
  std::mt19937 random(3);
  for (size_t i = 0; i < memory.size / 4; ++i) {
    float v = static_cast<float>(random() % 1000) * 0.01f - 5;
    memcpy(memory.data + i * 4, &v, 4);
  }
  ASSERT_TRUE(session.run().ok());
}

void expect_equal(const Session& a, const Session& b, uint32_t outputs) {
  for (uint32_t o = 0; o < outputs; ++o) {
    Span<const uint8_t> x = must(a.output(0, o)), y = must(b.output(0, o));
    ASSERT_EQ(x.size, y.size);
    ASSERT_EQ(memcmp(x.data, y.data, x.size), 0) << "output " << o;
  }
}

class HeightAndWidth : public testing::TestWithParam<std::tuple<Type, uint32_t>> {};

TEST_P(HeightAndWidth, EverySizeEqualsTheStaticModel) {
  auto [type, threads] = GetParam();
  constexpr int32_t kLow = 2, kHigh = 13;
  Loaded dynamic(exported(DynamicNet(type, {kLow, kHigh}, {kLow, kHigh}).module()), threads);
  for (int32_t h = kLow; h <= kHigh; ++h) {
    for (int32_t w = kLow; w <= kHigh; ++w) {
      SCOPED_TRACE(std::to_string(h) + "x" + std::to_string(w));
      Loaded fixed(exported(DynamicNet(type, {h, h}, {w, w}).module()));
      Status status = dynamic.session.set_shape(0, 0, ir::shape_of({1, h, w, 3}).max());
      ASSERT_TRUE(status.ok()) << text_of(status);
      auto* fill = type == Type::int8 ? run : run_floats;
      fill(dynamic.session);
      fill(fixed.session);
      expect_equal(dynamic.session, fixed.session, 2);
      if (HasFatalFailure()) return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Types, HeightAndWidth,
                         testing::Combine(testing::Values(Type::float32, Type::int8),
                                          testing::Values(1u, 2u)));

class Batch : public testing::TestWithParam<std::string> {};

// Real models, converted once with a dynamic batch and once per batch size.
TEST_P(Batch, EverySizeEqualsTheStaticModel) {
  if (material_dir() == nullptr) GTEST_SKIP() << "MOTE_MATERIAL_DIR is not set";
  GoldenSet set = read_golden(GetParam());
  Span<const uint8_t> source{set.model.data(), set.model.size()};
  ConvertResult plain = convert(source);
  ASSERT_TRUE(plain.ok()) << plain.text();
  AlignedBytes plain_bytes(plain.bytes);
  Model model = must(Model::load(plain_bytes.span(), inference_operators()));
  const PortInfo& port = model.entry_point(0).inputs[0];
  ShapeBounds bounds = model.tensor(port.tensor).bounds;
  auto converted = [&](int32_t low, int32_t high) {
    ConvertOptions options;
    bounds.dims[0] = {low, high};
    options.input_shapes[port.name] = bounds;
    ConvertResult result = convert(source, options);
    EXPECT_TRUE(result.ok()) << result.text();
    return result.bytes;
  };
  constexpr int32_t kHigh = 6;
  Loaded dynamic(converted(1, kHigh), 2);
  auto* fill = set.inputs[0].type == Type::float32 ? run_floats : run;
  for (int32_t n = 1; n <= kHigh; ++n) {
    SCOPED_TRACE(n);
    Loaded fixed(converted(n, n));
    Shape shape = bounds.max();
    shape.dims[0] = n;
    Status status = dynamic.session.set_shape(0, 0, shape);
    ASSERT_TRUE(status.ok()) << text_of(status);
    fill(dynamic.session);
    fill(fixed.session);
    expect_equal(dynamic.session, fixed.session, 1);
  }
}

INSTANTIATE_TEST_SUITE_P(Models, Batch,
                         testing::Values("mlperf_tiny__pretrainedResnet_quant",
                                         "mlperf_tiny__pretrainedResnet", "mlperf_tiny__ad01_int8",
                                         "mlperf_tiny__kws_ref_model", "mlperf_tiny__vww_96_int8"),
                         [](const auto& info) { return test_name(info.param); });

}  // namespace
}  // namespace mote::test
