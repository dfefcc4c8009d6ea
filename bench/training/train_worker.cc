// One training workload as a worker process, so that peers can be timed beside it: after a line of
// JSON it answers each line of standard input with one: `run N`, `mem`, `hash`, `quit`.
// usage: mote_train_worker --wl WORKLOAD --threads T [--warm N] [--isa NAME]
#include <sched.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "base/hash.h"
#include "export/exporter.h"
#include "grad/training_module.h"
#include "mote/platform.h"
#include "mote/train.h"
#include "trainer/loaded_session.h"
#include "workloads.h"

namespace mote::bench {
namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr int kBatches = 4;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double status_mb(const std::string& key) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);)
    if (line.rfind(key, 0) == 0) return std::stod(line.substr(key.size() + 1)) / 1024;
  return 0;
}
void reset_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

class Worker {
 public:
  Worker(const std::string& name, uint32_t threads, Isa isa) : workload_(make_workload(name)) {
    Diagnostics diagnostics;
    ir::Module module = make_training_module(workload_.model, workload_.options, diagnostics);
    std::vector<uint8_t> file;
    if (diagnostics.empty()) file = export_module(module, diagnostics);
    if (!diagnostics.empty()) throw std::runtime_error(diagnostics.text());
    if (threads > 1) {
      auto pool = OwnedThreadPool::create(threads);
      if (!pool.ok()) throw std::runtime_error("no threads");
      pool_ = std::move(pool.value());
    }
    loaded_.emplace(Span<const uint8_t>{file.data(), file.size()},
                    std::vector<std::string>{"train"},
                    threads > 1 ? pool_.callbacks() : ThreadPool{}, isa, name);
    entry_ = loaded_->entry_point("train");
    fill_batches();
  }

  double step() {
    Session& s = loaded_->session();
    size_t i = static_cast<size_t>(steps_++ % kBatches);
    copy(s.input(entry_, 0), x_[i].data());
    copy(s.input(entry_, 1), labels_[i].data());
    copy(s.input(entry_, 2), &workload_.rate);
    Status status = s.run(entry_);
    if (!status.ok()) throw std::runtime_error("step failed");
    auto loss = s.output(entry_, 0);
    return *reinterpret_cast<const float*>(loss.value().data);
  }

  Json hash() {
    uint64_t total = 0;
    std::vector<uint8_t> bytes;
    const Model& model = loaded_->model();
    for (uint32_t t = 0; t < model.tensor_count(); ++t) {
      if (model.tensor(t).kind != TensorKind::state) continue;
      bytes.resize(static_cast<size_t>(model.tensor(t).max_bytes));
      if (!loaded_->session().read_state(t, {bytes.data(), bytes.size()}).ok()) return {};
      total = total * 31 + xxh64(bytes.data(), bytes.size());
    }
    return {{"hash", std::to_string(total)}};
  }

  const Plan& plan() const { return loaded_->plan(); }

 private:
  void fill_batches() {
    std::mt19937 random(1234);
    std::normal_distribution<float> normal;
    auto x = loaded_->session().input(entry_, 0);
    auto labels = loaded_->session().input(entry_, 1);
    for (int i = 0; i < kBatches; ++i) {
      x_.emplace_back(x.value().size / sizeof(float));
      for (float& v : x_.back()) v = normal(random);
      labels_.emplace_back(labels.value().size / sizeof(int32_t));
      for (int32_t& v : labels_.back())
        v = static_cast<int32_t>(random() % static_cast<uint32_t>(workload_.classes));
    }
  }
  static void copy(Result<Span<uint8_t>> to, const void* from) {
    memcpy(to.value().data, from, to.value().size);
  }

  Workload workload_;
  OwnedThreadPool pool_;
  std::optional<trainer::LoadedSession> loaded_;
  uint32_t entry_ = 0;
  std::vector<std::vector<float>> x_;
  std::vector<std::vector<int32_t>> labels_;
  int64_t steps_ = 0;
};

int serve(Worker& worker, double setup_s, double loss, double setup_peak) {
  std::cout << Json{{"ready", 1},
                    {"version", "mote"},
                    {"setup_s", setup_s},
                    {"loss0", loss},
                    {"arena_bytes", worker.plan().report().arena_bytes},
                    {"state_bytes", worker.plan().report().state_bytes}}
            << std::endl;
  std::string command;
  while (std::cin >> command && command != "quit") {
    Json answer;
    if (command == "run") {
      int n = 0;
      std::cin >> n;
      std::vector<double> times;
      for (int i = 0; i < n; ++i) {
        auto start = Clock::now();
        loss = worker.step();
        times.push_back(seconds_since(start));
      }
      answer = {{"t", times}, {"loss", loss}};
    } else if (command == "mem") {
      answer = {{"import_rss", 0},
                {"setup_peak", setup_peak},
                {"train_peak", status_mb("VmHWM:")},
                {"rss", status_mb("VmRSS:")}};
    } else if (command == "hash") {
      answer = worker.hash();
    }
    std::cout << answer << std::endl;
  }
  return 0;
}

void pin_to_last_cpu() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return;
  int last = 0;
  for (int c = 0; c < CPU_SETSIZE; ++c)
    if (CPU_ISSET(c, &set)) last = c;
  CPU_ZERO(&set);
  CPU_SET(last, &set);
  sched_setaffinity(0, sizeof set, &set);
}

int main_program(int argc, char** argv) {
  std::string workload, variant, isa = "auto";
  uint32_t threads = 1;
  int warm = 1;
  CLI::App app("One training workload as a worker process");
  app.add_option("--wl", workload)->required();
  app.add_option("--variant", variant);
  app.add_option("--threads", threads)->check(CLI::Range(1, 64));
  app.add_option("--warm", warm);
  app.add_option("--isa", isa);
  CLI11_PARSE(app, argc, argv);
  if (threads == 1) pin_to_last_cpu();
  Result<Isa> chosen = isa_from_name(isa.c_str());
  if (!chosen.ok()) throw std::runtime_error("no instruction set '" + isa + "'");
  auto start = Clock::now();
  Worker worker(workload, threads, chosen.value());
  double loss = worker.step(), setup_s = seconds_since(start);
  for (int i = 0; i < warm; ++i) worker.step();
  double setup_peak = status_mb("VmHWM:");
  reset_peak();
  return serve(worker, setup_s, loss, setup_peak);
}

}  // namespace
}  // namespace mote::bench

int main(int argc, char** argv) {
  try {
    return mote::bench::main_program(argc, argv);
  } catch (const std::exception& e) {
    std::cerr << "mote_train_worker: " << e.what() << "\n";
    return 1;
  }
}
