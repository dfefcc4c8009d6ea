// mote bench: latency, memory and a profile per operator.
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>
#include <random>

#include "clock.h"
#include "commands.h"
#include "elements.h"
#include "failure.h"
#include "json.h"
#include "runner.h"
#include "step_text.h"
#include "text.h"

namespace mote::tool {
namespace {

// Below this many runs a percentile says nothing.
constexpr size_t kMinRuns = 20;
// Keeps the list of times small for models of a few nanoseconds.
constexpr size_t kMaxRuns = 1000000;
constexpr size_t kMaxProfiledRuns = 1000;

struct Options {
  ModelOptions model;
  double seconds = 2;
};

// Times of the steps of one session, collected by its profiler.
struct Profile {
  Clock clock;
  double begin_us = 0;
  std::vector<double> total_us;

  static void step(void* context, uint32_t step, bool end) {
    auto& profile = *static_cast<Profile*>(context);
    const double now = profile.clock.microseconds();
    if (!end) {
      profile.begin_us = now;
    } else if (step < profile.total_us.size()) {
      profile.total_us[step] += now - profile.begin_us;
    }
  }
};

struct Measurement {
  std::vector<double> sorted_us;
  double first_run_us = 0;
  uint64_t resident_bytes = 0;

  double percentile(double share) const {
    const double at = share * static_cast<double>(sorted_us.size() - 1);
    return sorted_us[static_cast<size_t>(at + 0.5)];
  }
};

// The same small values in every call: denormal or huge ones would change the time of float
// kernels. Wide integers are indices as a rule: zero is always in range.
void fill(const Port& port, AlignedBytes& memory) {
  std::mt19937 random(1);
  if (port.info->type == Type::float32) {
    std::uniform_real_distribution<double> uniform(-1, 1);
    std::vector<double> values(memory.size() / sizeof(float));
    for (double& value : values) value = uniform(random);
    store_values(Type::float32, values, memory.data());
  } else if (type_bytes(port.info->type) == 1 && port.info->type != Type::boolean) {
    for (size_t i = 0; i < memory.size(); ++i) memory.data()[i] = static_cast<uint8_t>(random());
  }
}

// Bound inputs are never written, so that every run sees the same.
std::vector<AlignedBytes> bind_inputs(Runner& runner) {
  std::vector<AlignedBytes> memory;
  for (const Port& port : runner.inputs()) {
    memory.emplace_back(runner.input(port).size);
    fill(port, memory.back());
    require(runner.session().bind_input(runner.entry_point(), port.index,
                                        {memory.back().data(), memory.back().size()}),
            "input '" + port.name + "'");
  }
  return memory;
}

uint64_t resident_bytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    uint64_t kibibytes = 0;
    if (word == "VmRSS:" && status >> kibibytes) return kibibytes * 1024;
  }
  return 0;
}

Measurement measure(Runner& runner, double seconds) {
  Measurement result;
  const Clock first;
  runner.run();
  result.first_run_us = first.microseconds();
  result.resident_bytes = resident_bytes();
  const Clock total;
  while (result.sorted_us.size() < kMinRuns ||
         (total.microseconds() < seconds * 1e6 && result.sorted_us.size() < kMaxRuns)) {
    const Clock clock;
    runner.run();
    result.sorted_us.push_back(clock.microseconds());
  }
  std::sort(result.sorted_us.begin(), result.sorted_us.end());
  return result;
}

// Runs of their own: looking at the clock costs more than small operators.
size_t profile(Runner& runner, Profile& times, double seconds) {
  const size_t steps = runner.plan().steps(runner.entry_point()).size;
  runner.run();
  times.total_us.assign(steps, 0);
  const Clock total;
  size_t runs = 0;
  while (runs < 1 || (total.microseconds() < seconds * 1e6 && runs < kMaxProfiledRuns)) {
    runner.run();
    ++runs;
  }
  for (double& time : times.total_us) time /= static_cast<double>(runs);
  return runs;
}

Json operators_json(const LoadedModel& loaded, const Runner& runner,
                    const std::vector<double>& mean_us) {
  double sum = 0;
  for (const double time : mean_us) sum += time;
  Json list = Json::array();
  const Span<const StepInfo> steps = runner.plan().steps(runner.entry_point());
  for (size_t i = 0; i < steps.size; ++i) {
    const OperatorInfo info = loaded.model.operator_info(steps[i].op);
    list.push_back({{"op", info.name},
                    {"name", step_name(loaded.model, info)},
                    {"kernel", steps[i].kernel},
                    {"mean_us", mean_us[i]},
                    {"percent", sum > 0 ? 100 * mean_us[i] / sum : 0}});
  }
  return list;
}

std::string text_of(const Json& json) {
  const auto us = [&](const char* key) { return time_text(json[key].get<double>()); };
  std::string text = "median " + us("median_us") + "  p10 " + us("p10_us") + "  p99 " +
                     us("p99_us") + "  (" + std::to_string(json["runs"].get<size_t>()) + " runs, " +
                     std::to_string(json["threads"].get<uint32_t>()) + " threads, " +
                     json["isa"].get<std::string>() + ")\n";
  text += "load " + us("load_us") + "  first run " + us("first_run_us") + "  arena " +
          bytes_text(json["arena_bytes"].get<uint64_t>()) + "  resident " +
          bytes_text(json["resident_bytes"].get<uint64_t>()) + "\n\n";
  std::vector<std::vector<std::string>> rows = {{"mean_us", "%", "op", "kernel", "name"}};
  for (const Json& op : json["ops"]) {
    char share[16];
    std::snprintf(share, sizeof share, "%.1f", op["percent"].get<double>());
    char mean[32];
    std::snprintf(mean, sizeof mean, "%.2f", op["mean_us"].get<double>());
    rows.push_back({mean, share, op["op"], op["kernel"], op["name"]});
  }
  return text + table_text(rows, {0, 1});
}

void bench(const Options& options) {
  if (isatty(STDERR_FILENO) != 0) {
    std::cerr << "measuring for " << number_text(options.seconds * 1.25) << " s ...\n";
  }
  const LoadedModel loaded = load_model(
      options.model.path, parse_integrity(options.model.integrity), options.model.source);
  Json json = {{"model", options.model.path}};
  {
    Runner runner(loaded, options.model);
    const std::vector<AlignedBytes> inputs = bind_inputs(runner);
    const Measurement result = measure(runner, options.seconds);
    json["median_us"] = result.percentile(0.5);
    json["p10_us"] = result.percentile(0.1);
    json["p99_us"] = result.percentile(0.99);
    json["runs"] = result.sorted_us.size();
    json["load_us"] = loaded.load_us + runner.create_us();
    if (loaded.converted) json["convert_us"] = loaded.convert_us;
    json["first_run_us"] = result.first_run_us;
    json["arena_bytes"] = runner.plan().report().arena_bytes;
    json["resident_bytes"] = result.resident_bytes;
    json["threads"] = options.model.threads;
    json["isa"] = isa_name(runner.plan().isa());
  }
  Profile times;
  Runner runner(loaded, options.model, {&times, Profile::step});
  const std::vector<AlignedBytes> inputs = bind_inputs(runner);
  json["profiled_runs"] = profile(runner, times, options.seconds / 4);
  json["ops"] = operators_json(loaded, runner, times.total_us);
  if (options.model.json) {
    print(json);
  } else {
    std::cout << text_of(json);
  }
}

}  // namespace

void add_bench(CLI::App& application) {
  CLI::App* command =
      application.add_subcommand("bench", "Measure latency and memory, with a profile");
  auto options = std::make_shared<Options>();
  add_model_options(*command, options->model);
  command->add_option("--seconds", options->seconds, "How long to measure, at most 86400")
      ->check(number_between(0, 86400))
      ->capture_default_str();
  command->footer(
      "Examples:\n"
      "  mote bench model.mote\n"
      "  mote bench model.tflite --threads 2 --seconds 10\n"
      "  mote bench model.mote --isa scalar --json");
  command->callback([options] { bench(*options); });
}

}  // namespace mote::tool
