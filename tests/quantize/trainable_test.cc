// Quantization that keeps a file trainable: int8 weights follow the float ones.
#include <gtest/gtest.h>

#include <cmath>

#include "grad/freeze.h"
#include "grad/parameters.h"
#include "grad/training_module.h"
#include "import/mote/mote.h"
#include "quantize/quantized.h"

namespace mote::test {
namespace {

constexpr int32_t kBatch = 8;
constexpr size_t kElements = 6 * 6 * 2, kClasses = 3;

// conv2d, batch_norm, relu, mean over the places, dense: a classifier of [6, 6, 2] into 3.
ir::Graph network() {
  GraphMaker g;
  ir::ValueId x = g.input("x", ir::shape_of({1, 6, 6, 2}));
  ir::ValueId w = g.constant("conv", ir::shape_of({4, 3, 3, 2}), uniform(72, -0.5f, 0.5f, 1));
  Conv2dAttrs conv{1, 1, 1, 1, 1, 1, 1, 1, 1, kMoteActivationNone};
  ir::ValueId y = g.node(op_code::conv2d, conv, {x, w}, ir::shape_of({1, 6, 6, 4}));
  std::vector<ir::ValueId> norm = {y};
  norm.push_back(g.constant("scale", ir::shape_of({4}), {1, 2, 0.5f, 1}));
  norm.push_back(g.constant("offset", ir::shape_of({4}), {0, 0.1f, -0.1f, 0.2f}));
  norm.push_back(g.constant("mean", ir::shape_of({4}), {0.1f, 0, 0, -0.2f}));
  norm.push_back(g.constant("variance", ir::shape_of({4}), {1, 0.5f, 2, 1}));
  y = g.relu(g.node(op_code::batch_norm, BatchNormAttrs{1e-3f, 0.1f, 0}, norm,
                    ir::shape_of({1, 6, 6, 4})));
  ReduceAttrs mean{};
  mean.kind = kMoteReduceMean;
  mean.axis_count = 2;
  mean.axes[0] = 1;
  mean.axes[1] = 2;
  y = g.node(op_code::reduce, mean, {y}, ir::shape_of({1, 4}));
  ir::ValueId d = g.constant("dense", ir::shape_of({3, 4}), uniform(12, -1, 1, 2));
  ir::ValueId b = g.constant("bias", ir::shape_of({3}), {0.1f, -0.1f, 0});
  g.output(
      g.node(op_code::fully_connected, FullyConnectedAttrs{}, {y, d, b}, ir::shape_of({1, 3})));
  mark_parameters(g.graph());
  return g.graph();
}

std::vector<uint8_t> exported(const ir::Module& module) {
  Diagnostics diagnostics;
  std::vector<uint8_t> bytes = export_module(module, diagnostics);
  EXPECT_TRUE(diagnostics.empty()) << diagnostics.text();
  return bytes;
}

std::vector<uint8_t> checkpoint() {
  TrainingOptions options;
  options.train_batch = kBatch;
  Diagnostics diagnostics;
  ir::Module module = make_training_module(network(), options, diagnostics);
  EXPECT_TRUE(diagnostics.empty()) << diagnostics.text();
  return exported(module);
}

CalibrationData calibration() { return {{uniform(kElements * 64, -1, 1, 3)}}; }

QuantizeResult quantized_trainable(const std::vector<uint8_t>& file) {
  QuantizeOptions options;
  options.trainable = true;
  return quantized(file, calibration(), options);
}

// A session over all entry points of a file.
class Trained {
 public:
  explicit Trained(const std::vector<uint8_t>& bytes) : running_(bytes) {}

  std::vector<float> infer(const std::vector<float>& x) {
    uint32_t entry = must(running_.model().find_entry_point("infer"));
    write(session(), entry, 0, x);
    EXPECT_TRUE(session().run(entry).ok());
    return read(session(), entry, 0);
  }

  // Labels by the sign of the first elements.
  void train(int steps) {
    uint32_t entry = must(running_.model().find_entry_point("train"));
    for (int step = 0; step < steps; ++step) {
      std::vector<float> x = uniform(kElements * kBatch, -1, 1, 100 + static_cast<uint32_t>(step));
      write(session(), entry, must(session().find_input(entry, "x")), x);
      write(session(), entry, must(session().find_input(entry, "learning_rate")), {0.05f});
      Span<uint8_t> target =
          must(session().input(entry, must(session().find_input(entry, "target"))));
      for (int32_t i = 0; i < kBatch; ++i) {
        const float* sample = x.data() + static_cast<size_t>(i) * kElements;
        int32_t label = sample[0] > 0 ? 2 : sample[1] > 0 ? 1 : 0;
        memcpy(target.data + static_cast<size_t>(i) * sizeof label, &label, sizeof label);
      }
      Status s = session().run(entry);
      ASSERT_TRUE(s.ok()) << text_of(s);
    }
  }

  // The values of all states by name.
  StateValues states() {
    StateValues values;
    for (uint32_t t = 0; t < running_.model().tensor_count(); ++t) {
      const TensorInfo& info = running_.model().tensor(t);
      if (info.kind != TensorKind::state) continue;
      ir::Bytes bytes(static_cast<size_t>(info.max_bytes));
      EXPECT_TRUE(session().read_state(t, {bytes.data(), bytes.size()}).ok());
      values[info.name] = std::make_shared<const ir::Bytes>(std::move(bytes));
    }
    return values;
  }

  const Model& model() const { return running_.model(); }
  Session& session() { return running_.session(); }

 private:
  Running running_;
};

std::vector<float> input(uint32_t seed) { return uniform(kElements, -1, 1, seed); }

TEST(Trainable, FrozenAndDerivedWeightsGiveTheSameBits) {
  std::vector<uint8_t> file = checkpoint();
  QuantizeResult frozen = quantized(file, calibration()), derived = quantized_trainable(file);
  ASSERT_TRUE(frozen.ok()) << frozen.text();
  ASSERT_TRUE(derived.ok()) << derived.text();
  EXPECT_EQ(frozen.int8_operators, derived.int8_operators);
  Trained a(frozen.bytes), b(derived.bytes);
  for (uint32_t seed = 50; seed < 66; ++seed) EXPECT_EQ(a.infer(input(seed)), b.infer(input(seed)));
}

TEST(Trainable, WeightsOfInferAreInt8States) {
  QuantizeResult result = quantized_trainable(checkpoint());
  ASSERT_TRUE(result.ok()) << result.text();
  Trained model(result.bytes);
  size_t int8_states = 0, int32_states = 0;
  for (uint32_t t = 0; t < model.model().tensor_count(); ++t) {
    const TensorInfo& info = model.model().tensor(t);
    if (info.kind != TensorKind::state || !info.quantization.quantized()) continue;
    int8_states += info.type == Type::int8;
    int32_states += info.type == Type::int32;
  }
  EXPECT_EQ(int8_states, 2u);
  EXPECT_EQ(int32_states, 2u);
}

// Training on the file alone, then int8 inference: what a fresh freezing of the trained states
// gives.
TEST(Trainable, InferFollowsTraining) {
  QuantizeResult result = quantized_trainable(checkpoint());
  ASSERT_TRUE(result.ok()) << result.text();
  Trained model(result.bytes);
  std::vector<float> before = model.infer(input(70));
  model.train(20);
  std::vector<float> after = model.infer(input(70));
  EXPECT_NE(before, after);

  Diagnostics diagnostics;
  ir::Module fresh = import_mote({result.bytes.data(), result.bytes.size()}, diagnostics);
  set_state_values(fresh, model.states());
  fresh = freeze(fresh, diagnostics);
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  Trained frozen(exported(fresh));
  for (uint32_t seed = 70; seed < 86; ++seed)
    EXPECT_EQ(model.infer(input(seed)), frozen.infer(input(seed)));
}

TEST(Trainable, Int8StaysNearFloatAfterTraining) {
  std::vector<uint8_t> file = checkpoint();
  QuantizeResult result = quantized_trainable(file);
  ASSERT_TRUE(result.ok()) << result.text();
  Trained real(file), int8(result.bytes);
  real.train(20);
  int8.train(20);
  // Logits of about 1 with a scale of about 0.01, through two layers of int8.
  for (uint32_t seed = 90; seed < 98; ++seed) {
    std::vector<float> expected = real.infer(input(seed)), found = int8.infer(input(seed));
    for (size_t i = 0; i < kClasses; ++i) EXPECT_NEAR(expected[i], found[i], 0.1);
  }
}

TEST(Trainable, PortsOfInferAloneBecomeInt8) {
  QuantizeOptions options;
  options.trainable = options.int8_ports = true;
  std::vector<uint8_t> file = checkpoint();
  QuantizeResult result = quantized(file, calibration(), options);
  ASSERT_TRUE(result.ok()) << result.text();
  Trained int8(result.bytes), real(quantized_trainable(file).bytes);
  for (const char* name : {"infer", "train", "eval"}) {
    const EntryPointInfo& entry =
        int8.model().entry_point(must(int8.model().find_entry_point(name)));
    Type expected = std::string(name) == "infer" ? Type::int8 : Type::float32;
    EXPECT_EQ(int8.model().tensor(entry.inputs[0].tensor).type, expected) << name;
  }
  EXPECT_EQ(int8.infer(input(60)), real.infer(input(60)));
}

TEST(Trainable, NeedsAFileWithStates) {
  QuantizeOptions options;
  options.trainable = true;
  std::vector<uint8_t> tflite = {28, 0, 0, 0, 'T', 'F', 'L', '3'};
  EXPECT_FALSE(quantized(tflite, {}, options).ok());
}

}  // namespace
}  // namespace mote::test
