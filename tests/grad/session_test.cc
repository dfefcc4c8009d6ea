// Training and inference by the runtime, from the file.
#include <gtest/gtest.h>

#include "grad/freeze.h"
#include "grad/networks.h"
#include "grad/train_steps.h"
#include "grad/training_module.h"
#include "support/built_model.h"

namespace mote::test {
namespace {

constexpr int32_t kBatch = 4;

// A module as a file, loaded, with a session for it.
struct Loaded {
  AlignedBytes bytes;
  Model model;
  Plan plan;
  Session session;

  explicit Loaded(const ir::Module& module) {
    Diagnostics diagnostics;
    bytes = AlignedBytes(export_module(module, diagnostics));
    EXPECT_EQ(diagnostics.text(), "");
    model = must(Model::load(bytes.span(), training_operators()));
    plan = must(Plan::create(model));
    session = must(Session::create(plan));
  }
  uint32_t entry(const char* name) { return must(model.find_entry_point(name)); }
  void give(uint32_t entry, uint32_t input, const Evaluated& value) {
    Span<uint8_t> memory = must(session.input(entry, input));
    ASSERT_EQ(memory.size, value.bytes.size());
    memcpy(memory.data, value.bytes.data(), memory.size);
  }
  void run(uint32_t entry) {
    Status status = session.run(entry);
    ASSERT_TRUE(status.ok()) << text_of(status);
  }
  float train(float rate) {
    uint32_t e = entry("train");
    give(e, 0, random_images(kBatch, 3));
    give(e, 1, labels_of(kBatch));
    give(e, 2, rate_of(rate));
    run(e);
    return read(session, e, 0)[0];
  }
  std::vector<float> infer() {
    uint32_t e = entry("infer");
    give(e, 0, random_images(1, 77));
    run(e);
    return read(session, e, 0);
  }
  StateValues states() {
    StateValues values;
    for (uint32_t t = 0; t < model.tensor_count(); ++t) {
      const TensorInfo& info = model.tensor(t);
      if (info.kind != TensorKind::state) continue;
      ir::Bytes data(static_cast<size_t>(info.max_bytes));
      Status status = session.read_state(t, {data.data(), data.size()});
      EXPECT_TRUE(status.ok()) << text_of(status);
      values[info.name] = std::make_shared<const ir::Bytes>(std::move(data));
    }
    return values;
  }
};

ir::Module trainable(const SmallCnnOptions& cnn, const TrainingOptions& options) {
  Diagnostics diagnostics;
  ir::Module module = make_training_module(SmallCnn(cnn).graph, options, diagnostics);
  EXPECT_EQ(diagnostics.text(), "");
  return module;
}

// Optimized kernels add in another order than the evaluator's: some hundred roundings of 2^-24.
TEST(TrainingSession, TrainsAsTheEvaluatorDoes) {
  for (Optimizer optimizer : {Optimizer::sgd, Optimizer::adam}) {
    TrainingOptions options;
    options.train_batch = kBatch;
    options.optimizer = optimizer;
    ir::Module module = trainable({.dropout = true}, options);
    Loaded loaded(module);
    for (int step = 0; step < 5; ++step)
      EXPECT_NEAR(loaded.train(0.01f), train_step(module, kBatch, 0.01f), 1e-4f);
  }
}

TEST(TrainingSession, InferEqualsAFreshConversionOfTheNewWeights) {
  TrainingOptions options;
  options.train_batch = kBatch;
  ir::Module module = trainable({}, options);
  Loaded loaded(module);
  std::vector<float> last;
  for (int step = 0; step < 4; ++step) {
    std::vector<float> through_derive = loaded.infer();
    set_state_values(module, loaded.states());
    Diagnostics diagnostics;
    Loaded frozen(freeze(module, diagnostics));
    ASSERT_EQ(diagnostics.text(), "");
    EXPECT_EQ(through_derive, frozen.infer()) << "after " << step << " steps";
    EXPECT_NE(through_derive, last);
    last = through_derive;
    loaded.train(0.05f);
  }
}

}  // namespace
}  // namespace mote::test
