// mote run: inputs from files, outputs for people, for programs and into files.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>

#include "clock.h"
#include "commands.h"
#include "failure.h"
#include "input_file.h"
#include "json.h"
#include "npy.h"
#include "output_summary.h"
#include "text.h"

namespace mote::tool {
namespace {

struct Options {
  ModelOptions model;
  std::vector<std::string> inputs;
  InputOptions input;
  std::string labels;
  std::string save;
  size_t top = 5;
  bool force = false;
};

std::string describe_port(const Port& port, const Shape& shape) {
  return "'" + port.name + "' " + type_name(port.info->type) + " " + text_of(shape);
}

std::vector<std::string> saved_paths(const Options& options, size_t outputs) {
  std::vector<std::string> paths;
  paths.reserve(outputs);
  for (size_t i = 0; i < outputs; ++i) {
    paths.push_back(options.save + "/output" + std::to_string(i) + ".npy");
  }
  return paths;
}

// Before the run, so that a long one is not in vain.
void prepare_folder(const Options& options, size_t outputs) {
  if (options.save.empty()) return;
  std::error_code failed;
  std::filesystem::create_directories(options.save, failed);
  if (failed) bad_input(options.save + ": " + failed.message());
  for (const std::string& path : saved_paths(options, outputs)) {
    require_writable(path, options.force);
  }
}

void save_outputs(const Options& options, const Runner& runner) {
  if (options.save.empty()) return;
  const std::vector<std::string> paths = saved_paths(options, runner.outputs().size());
  for (const Port& port : runner.outputs()) {
    const Bytes npy = make_npy(port.info->type, runner.output_shape(port), runner.output(port));
    write_file(paths[port.index], span_of(npy), options.force);
  }
}

void fill_inputs(const Options& options, Runner& runner, Json& json) {
  const std::vector<Port>& ports = runner.inputs();
  if (options.inputs.size() != ports.size()) {
    std::string text;
    for (const Port& port : ports) {
      text += "\n  " + describe_port(port, runner.input_shape(port));
    }
    wrong_use("the model takes " + std::to_string(ports.size()) + " inputs, " +
              std::to_string(options.inputs.size()) + " files were given:" + text);
  }
  for (size_t i = 0; i < ports.size(); ++i) {
    const std::string source = load_input(runner, ports[i], options.inputs[i], options.input);
    const Shape shape = runner.input_shape(ports[i]);
    json["inputs"].push_back({{"name", ports[i].name},
                              {"type", type_name(ports[i].info->type)},
                              {"shape", std::vector<int32_t>(shape.dims, shape.dims + shape.rank)},
                              {"file", options.inputs[i]},
                              {"source", source}});
    if (!options.model.json) {
      std::cout << "input " << plain(describe_port(ports[i], shape)) << "  <- "
                << subject_of(options.inputs[i]) << " (" << source << ")\n";
    }
  }
}

void run(const Options& options) {
  const LoadedModel loaded =
      load_model(options.model.path, parse_integrity(options.model.integrity),
                 parse_shapes(options.model.shapes));
  Runner runner(loaded, options.model);
  const Labels labels = load_labels(options.labels, loaded.model);
  prepare_folder(options, runner.outputs().size());

  Json json = {{"model", options.model.path},
               {"entry_point", loaded.model.entry_point(runner.entry_point()).name},
               {"inputs", Json::array()},
               {"outputs", Json::array()}};
  fill_inputs(options, runner, json);
  const Clock clock;
  runner.run();
  const double run_us = clock.microseconds();
  for (const Port& port : runner.outputs()) {
    const OutputSummary summary = summarize(runner, port, options.top);
    if (options.model.json) {
      json["outputs"].push_back(json_of(summary, labels));
    } else {
      std::cout << "output " << plain(describe_port(port, summary.shape)) << "\n"
                << text_of(summary, labels);
    }
  }
  save_outputs(options, runner);
  json["run_us"] = run_us;
  if (options.model.json) {
    print(json);
  } else {
    std::cout << "first run " << time_text(run_us) << " (see 'mote bench')\n";
  }
}

void add_input_options(CLI::App& command, Options& options) {
  command
      .add_option("--format", options.input.format,
                  "How to read the inputs: auto, picture, npy, raw")
      ->check(CLI::IsMember({"auto", "picture", "npy", "raw"}))
      ->capture_default_str();
  PixelMapping& mapping = options.input.mapping;
  const auto given = [&mapping](const std::string&) {
    mapping.given = true;
    return std::string();
  };
  command
      .add_option("--scale", mapping.scale,
                  "Pictures: input = (scale * pixel - mean) / std; pixel is 0..255")
      ->check(given)
      ->default_str("1/255");
  command.add_option("--mean", mapping.mean, "Pictures: one value or one per channel: 0.5,0.4,0.4")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(given)
      ->default_str("0");
  command.add_option("--std", mapping.deviation, "Pictures: one value or one per channel")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(given)
      ->default_str("1");
}

}  // namespace

void add_run(CLI::App& application) {
  CLI::App* command =
      application.add_subcommand("run", "Run a model on pictures, .npy files or raw bytes");
  auto options = std::make_shared<Options>();
  add_model_options(*command, options->model);
  command->add_option("INPUT", options->inputs,
                      "One file per input, in the model's order: a BMP, PNG or JPEG picture, a "
                      ".npy file or raw little-endian bytes; - is standard input");
  add_input_options(*command, *options);
  command
      ->add_option("--labels", options->labels,
                   "Names of the classes, one per line (default: the model's own)")
      ->type_name("FILE");
  command->add_option("--top", options->top, "How many classes to show")
      ->check(number_between(0, 1e6))
      ->capture_default_str();
  command->add_option("--save", options->save, "Write outputK.npy files into this folder")
      ->type_name("DIR");
  command->add_flag("--force", options->force, "Overwrite files in the folder of --save");
  command->footer(
      "Examples:\n"
      "  mote run mobilenet.mote cat.png --labels imagenet.txt\n"
      "  mote run model.tflite picture.jpg --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225\n"
      "  mote run model.mote input.npy --save out/\n"
      "  head -c 9216 recording.raw | mote run model.mote - --json");
  command->callback([options] { run(*options); });
}

}  // namespace mote::tool
