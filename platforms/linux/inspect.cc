// mote inspect: graph, memory plan and sizes.
#include <iostream>
#include <memory>

#include "commands.h"
#include "failure.h"
#include "inspect_json.h"
#include "json.h"
#include "memory_chart.h"
#include "runner.h"
#include "step_text.h"
#include "text.h"

namespace mote::tool {
namespace {

// Rows of the memory chart unless --all.
constexpr size_t kChartRows = 40;

struct Options {
  ModelOptions model;
  bool all = false;
};

std::string quantization_text(const Quantization& q) {
  if (!q.quantized()) return "";
  if (q.scale_count > 1) {
    return ", " + std::to_string(q.scale_count) + " scales along axis " + std::to_string(q.axis);
  }
  return ", scale " + number_text(q.scale()) + ", zero point " + std::to_string(q.zero_point());
}

std::string tensor_text(const TensorInfo& info) {
  return std::string(type_name(info.type)) + " " + text_of(info.bounds);
}

std::string operands_text(const Model& model, Span<const int32_t> list) {
  std::string text;
  for (const int32_t index : list) {
    if (index < 0) continue;
    const TensorInfo& info = model.tensor(static_cast<uint32_t>(index));
    const char* mark = info.kind == TensorKind::constant ? "=" : "";
    text += (text.empty() ? "" : ", ") + (mark + tensor_text(info));
  }
  return text;
}

void show_header(const LoadedModel& loaded) {
  const Model& model = loaded.model;
  std::cout << loaded.subject << ": " << bytes_text(loaded.file_bytes)
            << (loaded.converted ? " converted" : "") << ", " << model.operator_count()
            << " operators, " << model.tensor_count() << " tensors; written by "
            << plain(model.producer()) << "\n";
  for (const char* key : {"provenance", "licence"}) {
    if (const char* value = model.metadata(key); value != nullptr) {
      std::cout << key << ": " << plain(value) << "\n";
    }
  }
}

void show_entry_points(const Model& model) {
  for (uint32_t i = 0; i < model.entry_point_count(); ++i) {
    const EntryPointInfo& entry = model.entry_point(i);
    std::cout << "entry point " << plain(entry.name);
    if (!entry.availability.ok()) std::cout << ": " << plain(text_of(entry.availability, &model));
    std::cout << "\n";
    const auto show = [&](const char* what, Span<const PortInfo> list) {
      for (const Port& port : ports(model, list)) {
        std::cout << "  " << what << " '" << plain(port.name) << "' " << tensor_text(*port.info)
                  << quantization_text(port.info->quantization) << "\n";
      }
    };
    show("input ", entry.inputs);
    show("output", entry.outputs);
  }
}

void show_steps(const Runner& runner) {
  const Model& model = runner.model();
  std::vector<std::vector<std::string>> rows = {
      {"step", "operator", "kernel", "inputs (= constant)", "outputs", "name"}};
  const Span<const StepInfo> steps = runner.plan().steps(runner.entry_point());
  for (size_t i = 0; i < steps.size; ++i) {
    const OperatorInfo info = model.operator_info(steps[i].op);
    rows.push_back({std::to_string(i), info.name, steps[i].kernel,
                    operands_text(model, info.inputs), operands_text(model, info.outputs),
                    step_name(model, info)});
  }
  std::cout << "\n" << table_text(rows, {0});
}

void show_sizes(const Runner& runner, uint64_t model_bytes) {
  const PlanReport& report = runner.plan().report();
  const std::vector<std::pair<const char*, uint64_t>> sizes = {
      {"arena", report.arena_bytes},
      {"peak of live bytes", report.peak_live_bytes},
      {"activations, nothing shared", report.activation_bytes},
      {"largest scratch", report.scratch_bytes},
      {"packed weights (plan)", report.packed_bytes},
      {"states (session)", report.state_bytes},
      {"constants (file)", report.constant_bytes},
      {"bookkeeping of the model", model_bytes},
      {"bookkeeping of the plan", report.plan_bytes},
      {"bookkeeping of a session", report.session_bytes},
  };
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, bytes] : sizes) {
    rows.push_back({name, std::to_string(bytes), bytes_text(bytes)});
  }
  std::cout << "\n" << table_text(rows, {1, 2}) << "peak at step " << report.peak_step << "\n";
}

void inspect(const Options& options) {
  const LoadedModel loaded = load_model(
      options.model.path, parse_integrity(options.model.integrity), options.model.source);
  if (!options.model.json) {
    show_header(loaded);
    show_entry_points(loaded.model);
  }
  const Runner runner(loaded, options.model);
  if (options.model.json) {
    print(inspect_json(loaded, runner));
    return;
  }
  show_steps(runner);
  std::cout << "\n"
            << memory_chart(runner.model(), runner.plan(), runner.entry_point(),
                            options.all ? 0 : kChartRows);
  show_sizes(runner, loaded.model.memory_bytes());
}

}  // namespace

void add_inspect(CLI::App& application) {
  CLI::App* command =
      application.add_subcommand("inspect", "Show the graph, the memory plan and sizes");
  auto options = std::make_shared<Options>();
  add_model_options(*command, options->model);
  command->add_flag("--all", options->all, "Show every buffer of the memory plan");
  command->footer(
      "Examples:\n"
      "  mote inspect model.mote\n"
      "  mote inspect model.tflite --isa scalar --threads 4\n"
      "  mote inspect model.mote --json | jq .memory.arena_bytes");
  command->callback([options] { inspect(*options); });
}

}  // namespace mote::tool
