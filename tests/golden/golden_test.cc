// Real models against the reference runtime: quantized outputs equal in every element, floats
// within 1e-4, at every instruction set, with 1 and 2 threads, packed and unpacked.
#include "support/golden.h"

#include <cmath>
#include <map>

#include "mote/converter.h"
#include "mote/platform.h"
#include "support/built_model.h"

namespace mote::test {
namespace {

// The port of this name; by index where the set has no names.
uint32_t port_of(Span<const PortInfo> ports, const GoldenArray& array, uint32_t index) {
  for (uint32_t i = 0; i < ports.size; ++i)
    if (array.name == ports[i].name) return i;
  EXPECT_TRUE(array.name.empty()) << "no port '" << array.name << "'";
  return index;
}

class Golden : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (material_dir() == nullptr) GTEST_SKIP() << "MOTE_MATERIAL_DIR is not set";
    set = read_golden(GetParam());
    ConvertResult result = convert({set.model.data(), set.model.size()}, set.options);
    ASSERT_TRUE(result.ok()) << result.text();
    bytes = AlignedBytes(result.bytes);
    model = must(Model::load(bytes.span(), inference_operators()));
  }

  void check(const GoldenArray& expected, Span<const uint8_t> got, size_t index) {
    ASSERT_EQ(got.size, expected.case_bytes);
    if (expected.type != Type::float32) {
      size_t wrong = 0;
      for (size_t i = 0; i < got.size; ++i) wrong += got[i] != expected.at(index)[i];
      EXPECT_EQ(wrong, 0u) << "bytes of " << got.size << " differ in case " << index;
      return;
    }
    std::vector<float> a(got.size / 4), b(got.size / 4);
    memcpy(a.data(), got.data, got.size);
    memcpy(b.data(), expected.at(index), got.size);
    for (size_t i = 0; i < a.size(); ++i) {
      // The reference computes in float32 with another order of sums.
      double bound = set.float_bound * std::max(1.0, std::fabs(static_cast<double>(b[i])));
      ASSERT_NEAR(a[i], b[i], bound) << "element " << i << " of case " << index;
    }
  }

  uint32_t output_port(uint32_t i) {
    return port_of(model.entry_point(0).outputs, set.outputs[i], i);
  }

  void fill_inputs(Session& session, size_t c) {
    for (uint32_t i = 0; i < set.inputs.size(); ++i) {
      const GoldenArray& array = set.inputs[i];
      Span<uint8_t> memory = must(session.input(0, port_of(model.entry_point(0).inputs, array, i)));
      const bool linked = c > 0 && !array.from.empty();
      ASSERT_EQ(memory.size, linked ? results[array.from].size() : array.case_bytes);
      memcpy(memory.data, linked ? results[array.from].data() : array.at(c), memory.size);
    }
  }

  void run(const PlanOptions& options, const ThreadPool& pool) {
    Plan plan = must(Plan::create(model, {}, options));
    SessionOptions session_options;
    session_options.pool = pool;
    Session session = must(Session::create(plan, session_options));
    ASSERT_EQ(model.entry_point(0).inputs.size, set.inputs.size());
    for (size_t c = 0; c < set.cases; ++c) {
      if (!set.stateful) session.reset_states();
      fill_inputs(session, c);
      if (HasFatalFailure()) return;
      Status status = session.run();
      ASSERT_TRUE(status.ok()) << text_of(status);
      for (uint32_t o = 0; o < set.outputs.size(); ++o) {
        Span<const uint8_t> got = must(session.output(0, output_port(o)));
        check(set.outputs[o], got, c);
        results[set.outputs[o].name].assign(got.data, got.data + got.size);
      }
      if (HasFatalFailure()) return;
    }
  }

  GoldenSet set;
  AlignedBytes bytes;
  Model model;
  std::map<std::string, std::vector<uint8_t>> results;  // of the last case
};

TEST_P(Golden, EqualsTheReferenceRuntime) {
  OwnedThreadPool pool = must(OwnedThreadPool::create(2));
  for (int isa = 0; isa < static_cast<int>(Isa::count_); ++isa) {
    if (!isa_available(static_cast<Isa>(isa))) continue;
    for (uint32_t threads : {1u, 2u}) {
      SCOPED_TRACE(std::string(isa_name(static_cast<Isa>(isa))) + ", " + std::to_string(threads));
      PlanOptions options;
      options.isa = static_cast<Isa>(isa);
      options.threads = threads;
      run(options, threads == 2 ? pool.callbacks() : ThreadPool{});
    }
  }
}

// What a microcontroller runs: unpacked weights, reference kernels.
TEST_P(Golden, ReferenceKernelsToo) {
  PlanOptions options;
  options.pack_weights = false;
  options.reference_only = true;
  run(options, {});
}

INSTANTIATE_TEST_SUITE_P(Onnx, Golden, testing::ValuesIn(onnx_golden_names()),
                         [](const auto& info) { return test_name(info.param); });
INSTANTIATE_TEST_SUITE_P(Sets, Golden, testing::ValuesIn(golden_names()),
                         [](const auto& info) { return test_name(info.param); });

}  // namespace
}  // namespace mote::test
