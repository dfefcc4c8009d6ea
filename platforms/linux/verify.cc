// mote verify: a model against reference outputs.
#include <iostream>
#include <memory>

#include "commands.h"
#include "comparison.h"
#include "failure.h"
#include "fixed_inputs.h"
#include "json.h"
#include "thresholds.h"

namespace mote::tool {
namespace {

struct Options {
  ModelOptions model;
  Thresholds thresholds;
  std::string folder;
};

void verify(const Options& options) {
  const LoadedModel loaded = load_model(
      options.model.path, parse_integrity(options.model.integrity), options.model.source);
  Runner runner(loaded, options.model);
  ReferenceSet set = load_reference_set(options.folder);
  const std::string note =
      drop_fixed_inputs(fixed_inputs_of(loaded.model), runner.inputs().size(), set);
  if (!note.empty()) std::cerr << "mote: warning: " << note << "\n";
  const std::vector<OutputComparison> outputs = compare(runner, set);
  require_applicable(outputs, options.thresholds);
  if (options.model.json) {
    print(json_of(outputs));
  } else {
    std::cout << text_of(outputs);
  }
  require_thresholds(outputs, options.thresholds);
}

}  // namespace

void add_verify(CLI::App& application) {
  CLI::App* command = application.add_subcommand(
      "verify", "Run the reference inputs of a folder and compare the outputs");
  auto options = std::make_shared<Options>();
  add_model_options(*command, options->model);
  command->add_option("DIR", options->folder, "Folder with golden.json and its files")->required();
  add_threshold_options(*command, options->thresholds);
  command->footer(
      "Without a threshold the figures are shown and the exit code is 0; a violated one gives 1.\n"
      "Examples:\n"
      "  mote verify model.mote references/\n"
      "  mote verify model.tflite references/ --min-equal 1 --isa scalar\n"
      "  mote verify model.mote references/ --max-err 1e-4 --json");
  command->callback([options] { verify(*options); });
}

}  // namespace mote::tool
