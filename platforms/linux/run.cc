// mote run: inputs from files, outputs for people, for programs and into files.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>

#include "clock.h"
#include "commands.h"
#include "failure.h"
#include "input_list.h"
#include "json.h"
#include "npy.h"
#include "output_summary.h"
#include "text.h"

namespace mote::tool {
namespace {

struct Options {
  ModelOptions model;
  std::vector<std::string> inputs;
  std::vector<std::string> fills;
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
  for (const LoadedInput& input :
       load_inputs(runner, options.inputs, options.fills, options.input)) {
    const Port& port = *input.port;
    const Shape shape = runner.input_shape(port);
    const std::string file = input.file.empty() ? "--fill" : subject_of(input.file);
    json["inputs"].push_back({{"name", port.name},
                              {"type", type_name(port.info->type)},
                              {"shape", std::vector<int32_t>(shape.dims, shape.dims + shape.rank)},
                              {"file", input.file},
                              {"source", input.source}});
    if (!options.model.json) {
      std::cout << "input " << plain(describe_port(port, shape)) << "  <- " << file << " ("
                << input.source << ")\n";
    }
  }
}

void run(const Options& options) {
  const LoadedModel loaded = load_model(
      options.model.path, parse_integrity(options.model.integrity), options.model.source);
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
                  "How to read the inputs: auto, picture, sound, npy, raw")
      ->check(CLI::IsMember({"auto", "picture", "sound", "npy", "raw"}))
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
  command
      .add_option("--sample-rate", options.input.sample_rate,
                  "Sound: resample to this many samples per second (default: what the model's "
                  "metadata say, else the file's own rate)")
      ->check(number_between(1, 1e6))
      ->type_name("HZ");
  command.add_option("--offset", options.input.offset_seconds, "Sound: where the input begins")
      ->check(number_between(0, 1e6))
      ->type_name("SECONDS");
  command
      .add_option("--fill", options.fills,
                  "Set every element of an input to a value instead of reading a file; repeatable")
      ->type_name("INPUT=VALUE");
}

}  // namespace

void add_run(CLI::App& application) {
  CLI::App* command =
      application.add_subcommand("run", "Run a model on pictures, sound, arrays or raw bytes");
  auto options = std::make_shared<Options>();
  add_model_options(*command, options->model);
  command->add_option(
      "INPUT", options->inputs,
      "One file per input, in the model's order or as NAME=FILE: a BMP, PNG or JPEG "
      "picture, a WAV, FLAC or Ogg sound, a .npy file or raw little-endian bytes; "
      "- is standard input. A .npz file has arrays with the inputs' names");
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
      "  mote run voice.mote input=speech.wav --sample-rate 16000 --fill state=0\n"
      "  head -c 9216 recording.raw | mote run model.mote - --json");
  command->callback([options] { run(*options); });
}

}  // namespace mote::tool
