// Training steps of the runtime for torch_test.py: the states before and after, as JSON.
// Usage: mote_torch_steps NETWORK OPTIMIZER STEPS
#include <cstdio>
#include <cstdlib>
#include <map>

#include "export/exporter.h"
#include "grad/networks.h"
#include "grad/training_module.h"
#include "mote/session.h"
#include "mote/train.h"
#include "support/aligned_bytes.h"

namespace mote::test {
namespace {

constexpr int32_t kBatch = 8;

template <class T>
T must(Result<T>&& r) {
  if (r.ok()) return std::move(r.value());
  char text[512];
  describe(r.status(), text, sizeof text);
  std::fprintf(stderr, "%s\n", text);
  std::exit(1);
}
void must(const Status& s) { must(s.ok() ? Result<int>(0) : Result<int>(s)); }

// Random as networks.h has it.
std::vector<float> random_pixels(size_t count) {
  uint32_t state = 7;
  std::vector<float> x(count);
  for (float& e : x) {
    state = state * 1664525 + 1013904223;
    e = static_cast<float>(state >> 8) * 0x1p-23f - 1;
  }
  return x;
}

void print(const char* key, const std::vector<float>& values, const char* end) {
  std::printf("\"%s\": [", key);
  for (size_t i = 0; i < values.size(); ++i)
    std::printf("%s%.9g", i == 0 ? "" : ",", static_cast<double>(values[i]));
  std::printf("]%s\n", end);
}

void print_states(const char* key, const Model& model, const Session& session) {
  std::printf("\"%s\": {", key);
  const char* separator = "";
  for (uint32_t t = 0; t < model.tensor_count(); ++t) {
    const TensorInfo& info = model.tensor(t);
    if (info.kind != TensorKind::state || info.type != Type::float32) continue;
    std::vector<float> values(static_cast<size_t>(info.max_bytes) / sizeof(float));
    must(session.read_state(
        t, {reinterpret_cast<uint8_t*>(values.data()), static_cast<size_t>(info.max_bytes)}));
    std::printf("%s\"%s\": {\"shape\": [", separator, info.name);
    for (int i = 0; i < info.bounds.rank; ++i)
      std::printf("%s%d", i == 0 ? "" : ",", info.bounds.dims[i].max);
    std::printf("], ");
    print("values", values, "}");
    separator = ",";
  }
  std::printf("},\n");
}

void run(const ir::Graph& graph, const TrainingOptions& options, int steps) {
  Diagnostics diagnostics;
  ir::Module module = make_training_module(graph, options, diagnostics);
  AlignedBytes bytes(export_module(module, diagnostics));
  if (!diagnostics.empty()) std::fprintf(stderr, "%s", diagnostics.text().c_str());
  Model model = must(Model::load(bytes.span(), training_operators()));
  Plan plan = must(Plan::create(model));
  Session session = must(Session::create(plan));
  uint32_t train = must(model.find_entry_point("train"));
  std::vector<float> losses;
  std::printf("{");
  print_states("before", model, session);
  for (int step = 0; step < steps; ++step) {
    std::vector<float> x = random_pixels(must(session.input(train, 0)).size / sizeof(float));
    must(session.write_float(train, 0, {x.data(), x.size()}));
    for (int32_t i = 0; i < kBatch; ++i)
      reinterpret_cast<int32_t*>(must(session.input(train, 1)).data)[i] = i % 4;
    const float rate = 0.01f;
    must(session.write_float(train, 2, {&rate, 1}));
    must(session.run(train));
    if (step == 0) print("images", x, ",");
    float loss;
    must(session.read_float(train, 0, {&loss, 1}));
    losses.push_back(loss);
  }
  print_states("after", model, session);
  print("losses", losses, "}");
}

}  // namespace
}  // namespace mote::test

int main(int count, char** arguments) {
  if (count != 4) return 2;
  const std::map<std::string, mote::Optimizer> optimizers = {{"sgd", mote::Optimizer::sgd},
                                                             {"adam", mote::Optimizer::adam},
                                                             {"adamw", mote::Optimizer::adamw}};
  mote::TrainingOptions options;
  options.optimizer = optimizers.at(arguments[2]);
  options.weight_decay = 0.01f;
  options.train_batch = mote::test::kBatch;
  const bool is_small = std::string(arguments[1]) == "small_cnn";
  const mote::ir::Graph graph =
      is_small ? mote::test::SmallCnn({.useless_bias = false}).graph : mote::test::ResNet8().graph;
  mote::test::run(graph, options, std::atoi(arguments[3]));
  return 0;
}
