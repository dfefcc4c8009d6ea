// The weights are updated by the graph and by nothing else: a program with the device library alone
// trains and infers to the last bit what the desktop's trainer does.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "export/exporter.h"
#include "grad/freeze.h"
#include "import/mote/mote.h"
#include "mote/trainer.h"
#include "support/built_model.h"
#include "trainer/batches.h"

namespace mote::test {
namespace {

constexpr const char* kData = "/usr/share/datasets/fashion-mnist";
constexpr size_t kSteps = 100, kPictures = 64;
constexpr float kRate = 0.05f;

using Memory = std::vector<uint8_t>;

Dataset first_samples(const Dataset& data, size_t begin, size_t count) {
  Dataset part = data;
  size_t size = data.sample_elements();
  auto at = [](size_t i) { return static_cast<ptrdiff_t>(i); };
  part.pixels.assign(data.pixels.begin() + at(begin * size),
                     data.pixels.begin() + at((begin + count) * size));
  part.labels.assign(data.labels.begin() + at(begin), data.labels.begin() + at(begin + count));
  return part;
}

FitOptions options(int32_t batch) {
  FitOptions o;
  o.epochs = 1;
  o.training.optimizer = Optimizer::sgd;
  o.training.nesterov = true;
  o.training.weight_decay = 5e-4f;
  o.training.train_batch = batch;
  o.seed = 7;
  o.schedule.rate = kRate;
  o.normalization = {{0.286f}, {0.353f}};
  return o;
}

Sequential small_net() {
  Sequential net({28, 28, 1});
  net.conv2d(8, 3, {.stride = 2, .padding = 1, .bias = false}).batch_norm().relu().max_pool2d(2);
  net.depthwise_conv2d(3, {.padding = 1}).relu().flatten().dense(10);
  return net;
}

CalibrationData calibration(const Dataset& data, const Normalization& normalization) {
  CalibrationData c;
  c.inputs.emplace_back(data.size() * data.sample_elements());
  normalize(data, normalization, 0, data.size(), c.inputs[0].data());
  return c;
}

struct Outcome {
  std::vector<Memory> outputs;  // of `infer`, per picture
  std::map<std::string, Memory> states;
};

// Runs the pictures through a file's `infer`.
Outcome infer(const Memory& file, const std::vector<float>& pictures, size_t picture) {
  AlignedBytes bytes(file);
  Model model = must(Model::load(bytes.span(), training_operators()));
  Plan plan = must(Plan::create(model));
  Session session = must(Session::create(plan));
  uint32_t entry = must(model.find_entry_point("infer"));
  Outcome outcome;
  for (size_t i = 0; i < kPictures; ++i) {
    Span<uint8_t> input = must(session.input(entry, 0));
    EXPECT_EQ(input.size, picture * sizeof(float));
    memcpy(input.data, pictures.data() + i * picture, input.size);
    EXPECT_TRUE(session.run(entry).ok());
    Span<const uint8_t> y = must(session.output(entry, 0));
    outcome.outputs.emplace_back(y.begin(), y.end());
  }
  for (uint32_t t = 0; t < model.tensor_count(); ++t) {
    const TensorInfo& info = model.tensor(t);
    if (info.kind != TensorKind::state) continue;
    Memory& state = outcome.states[info.name];
    state.resize(static_cast<size_t>(info.max_bytes));
    EXPECT_TRUE(session.read_state(t, {state.data(), state.size()}).ok());
  }
  return outcome;
}

template <class T>
void append(std::string* out, const T* values, size_t count) {
  out->append(reinterpret_cast<const char*>(values), count * sizeof(T));
}

// The batches of the trainer's first epoch, and the pictures.
std::string batches_file(const Dataset& data, const FitOptions& o,
                         const std::vector<float>& pictures) {
  std::string out;
  const uint32_t counts[] = {kSteps, kPictures};
  append(&out, counts, 2);
  trainer::SampleWriter writer(data, o.normalization);
  std::vector<uint32_t> order = trainer::epoch_order(o.seed, 0, data.size());
  auto batch = static_cast<size_t>(o.training.train_batch);
  std::vector<float> x(batch * data.sample_elements());
  std::vector<int32_t> labels(batch);
  for (size_t step = 0; step < kSteps; ++step) {
    for (size_t i = 0; i < batch; ++i) {
      uint32_t sample = order[step * batch + i];
      writer.write(sample, false, x.data() + i * data.sample_elements());
      labels[i] = data.labels[sample];
    }
    append(&out, x.data(), x.size());
    append(&out, labels.data(), labels.size());
    append(&out, &kRate, 1);
  }
  append(&out, pictures.data(), pictures.size());
  return out;
}

Outcome parse_result(const std::string& bytes, const Outcome& like) {
  Outcome outcome;
  size_t at = 0;
  auto take = [&](size_t n) {
    EXPECT_LE(at + n, bytes.size());
    Memory part(bytes.begin() + static_cast<ptrdiff_t>(at),
                bytes.begin() + static_cast<ptrdiff_t>(at + n));
    at += n;
    return part;
  };
  for (const Memory& output : like.outputs) outcome.outputs.push_back(take(output.size()));
  while (at < bytes.size()) {
    std::string name = bytes.c_str() + at;
    at += name.size() + 1;
    auto found = like.states.find(name);
    if (found == like.states.end()) {
      ADD_FAILURE() << "the desktop has no state '" << name << "'";
      break;
    }
    outcome.states[name] = take(found->second.size());
  }
  return outcome;
}

class Scratch {
 public:
  Scratch() {
    char name[] = "/tmp/mote_on_device_XXXXXX";
    path_ = mkdtemp(name);
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  std::string file(const char* name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

void write(const std::string& path, const void* data, size_t size) {
  std::ofstream(path, std::ios::binary)
      .write(static_cast<const char*>(data), static_cast<std::streamsize>(size));
}

Outcome train_on_device(const Memory& model, const std::string& batches, const Outcome& like) {
  Scratch scratch;
  write(scratch.file("model"), model.data(), model.size());
  write(scratch.file("batches"), batches.data(), batches.size());
  std::string command = std::string(MOTE_TRAIN_ON_DEVICE) + " " + scratch.file("model") + " " +
                        scratch.file("batches") + " " + scratch.file("result");
  EXPECT_EQ(system(command.c_str()), 0);
  std::ifstream in(scratch.file("result"), std::ios::binary);
  return parse_result({std::istreambuf_iterator<char>(in), {}}, like);
}

TEST(OnDevice, TrainsAndInfersInInt8ToTheLastBit) {
  if (!std::filesystem::exists(kData)) GTEST_SKIP() << "Debian's dataset-fashion-mnist is missing";
  constexpr int32_t kBatch = 32;
  Dataset all = load_idx(kData, "train");
  Dataset first = first_samples(all, 0, kBatch * 20);
  Dataset more = first_samples(all, 1000, kBatch * kSteps);
  FitOptions o = options(kBatch);

  // A trained file whose `infer` is int8 and can be trained further.
  FitResult start = fit(small_net(), first, first, o);
  QuantizeOptions quantization;
  quantization.trainable = true;
  QuantizeResult quantized = quantize({start.model.data(), start.model.size()}, quantization,
                                      calibration(first, o.normalization));
  ASSERT_TRUE(quantized.ok()) << quantized.text();

  // On the desktop.
  std::vector<float> pictures(kPictures * all.sample_elements());
  normalize(all, o.normalization, 5000, kPictures, pictures.data());
  FitResult trained =
      fit(Span<const uint8_t>{quantized.bytes.data(), quantized.bytes.size()}, more, first, o);
  Outcome desktop = infer(trained.model, pictures, all.sample_elements());
  Outcome before = infer(quantized.bytes, pictures, all.sample_elements());
  ASSERT_NE(desktop.outputs, before.outputs) << "100 steps must show";

  // On the device.
  Outcome device = train_on_device(quantized.bytes, batches_file(more, o, pictures), desktop);
  EXPECT_EQ(device.outputs, desktop.outputs);
  EXPECT_EQ(device.states.size(), desktop.states.size());
  for (const auto& [name, value] : desktop.states)
    EXPECT_EQ(device.states[name], value) << "state '" << name << "'";

  // A fresh conversion of the new weights.
  Diagnostics diagnostics;
  ir::Module frozen =
      freeze(import_mote({trained.model.data(), trained.model.size()}, diagnostics), diagnostics);
  Memory fresh = export_module(frozen, diagnostics);
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  EXPECT_EQ(infer(fresh, pictures, all.sample_elements()).outputs, desktop.outputs);
}

}  // namespace
}  // namespace mote::test
