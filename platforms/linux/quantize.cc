// mote quantize: a float model to an int8 one, with what it costs.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>

#include "calibration_data.h"
#include "clock.h"
#include "commands.h"
#include "failure.h"
#include "json.h"
#include "mote/converter.h"
#include "text.h"

namespace mote::tool {
namespace {

// Rows for people; --json has all.
constexpr size_t kShownTensors = 8;
constexpr size_t kMaxSamples = 1u << 20;

struct Options {
  std::string model;
  std::string output;
  std::vector<std::string> data;
  QuantizeOptions quantize;
  bool force = false;
  bool json = false;
};

Json json_of(const Options& options, const QuantizeResult& result, size_t in_bytes, double us) {
  Json json = {{"input", options.model},    {"output", options.output},
               {"input_bytes", in_bytes},   {"output_bytes", result.bytes.size()},
               {"samples", result.samples}, {"int8_operators", result.int8_operators},
               {"quantize_us", us}};
  json["float_operators"] = Json::array();
  for (const FloatOperator& o : result.float_operators)
    json["float_operators"].push_back(
        {{"where", o.where}, {"operator", o.op}, {"reason", o.reason}});
  json["tensors"] = Json::array();
  for (const QuantizedTensor& t : result.tensors)
    json["tensors"].push_back({{"name", t.name},
                               {"where", t.where},
                               {"scale", t.scale},
                               {"zero_point", t.zero_point},
                               {"min", t.min},
                               {"max", t.max},
                               {"sqnr_db", t.sqnr_db},
                               {"max_error", t.max_error}});
  return json;
}

// Names of fused layers join all of their parts.
std::string short_name(const std::string& name) {
  constexpr size_t kWidth = 40;
  std::string text = plain(name.substr(0, name.find(';')));
  return text.size() <= kWidth ? text : "..." + text.substr(text.size() - (kWidth - 3));
}

std::string tensors_text(const QuantizeResult& result) {
  std::vector<std::vector<std::string>> rows = {
      {"tensor", "range", "scale", "zero", "SQNR", "max error"}};
  const size_t shown = std::min(kShownTensors, result.tensors.size());
  for (size_t i = 0; i < shown; ++i) {
    const QuantizedTensor& t = result.tensors[i];
    rows.push_back(
        {short_name(t.name),
         number_text(static_cast<double>(t.min)) + " .. " + number_text(static_cast<double>(t.max)),
         number_text(static_cast<double>(t.scale)), std::to_string(t.zero_point),
         number_text(std::round(t.sqnr_db * 10) / 10) + " dB", number_text(t.max_error)});
  }
  std::string text = table_text(rows, {2, 3, 4, 5});
  if (shown < result.tensors.size())
    text += "(" + std::to_string(result.tensors.size() - shown) + " better ones: --json)\n";
  return text;
}

void show(const Options& options, const QuantizeResult& result, size_t in_bytes) {
  std::ostream& stream = options.output == "-" ? std::cerr : std::cout;
  stream << options.output << ": " << bytes_text(result.bytes.size()) << ", from "
         << bytes_text(in_bytes) << "; " << result.int8_operators << " operators int8, "
         << result.float_operators.size() << " as they were; " << result.samples << " samples\n";
  for (const FloatOperator& o : result.float_operators)
    stream << "  stays: " << plain(o.op.empty() ? "operator" : o.op) << " (" << plain(o.where)
           << "): " << plain(o.reason) << "\n";
  stream << "Against the float model, worst first:\n" << tensors_text(result);
}

// Ranges of nothing but zeros make a model that answers nothing.
void warn_of_zeros(const CalibrationData& data) {
  for (size_t i = 0; i < data.inputs.size(); ++i) {
    const std::vector<float>& values = data.inputs[i];
    if (values.empty() ||
        !std::all_of(values.begin(), values.end(), [](float v) { return v == 0; }))
      continue;
    std::cerr << "mote: warning: the calibration data of input " << i
              << " are all zero; give typical inputs\n";
  }
}

void quantize(const Options& options) {
  require_writable(options.output, options.force);
  const Bytes model = read_file(options.model);
  const CalibrationData data = load_calibration_data(
      options.data, options.model, model, options.quantize.entry_point, options.quantize.samples);
  warn_of_zeros(data);
  const Clock clock;
  const QuantizeResult result = mote::quantize(span_of(model), options.quantize, data);
  const double us = clock.microseconds();
  if (!result.ok()) {
    std::string text = result.text();
    text.pop_back();  // the last line's end
    bad_input(subject_of(options.model) + ": " + text);
  }
  write_file(options.output, span_of(result.bytes), options.force);
  if (options.json) {
    print(json_of(options, result, model.size(), us),
          options.output == "-" ? std::cerr : std::cout);
  } else {
    show(options, result, model.size());
  }
}

}  // namespace

void add_quantize(CLI::App& application) {
  CLI::App* command =
      application.add_subcommand("quantize", "Quantize a float model to int8 after training");
  auto options = std::make_shared<Options>();
  QuantizeOptions& q = options->quantize;
  command->add_option("MODEL", options->model, "A float .mote or .tflite file")->required();
  command->add_option("OUT", options->output, "The .mote file to write; - is standard output")
      ->required();
  command
      ->add_option("--data", options->data,
                   "A folder of IDX files, a reference set, or per input one .npy file or raw "
                   "float32: typical inputs")
      ->type_name("DIR|FILE")
      ->required();
  command->add_option("--samples", q.samples, "How many samples are used at most")
      ->check(CLI::Range(size_t{1}, kMaxSamples))
      ->capture_default_str();
  command->add_option("--observer", q.observer, "How ranges are found")
      ->check(CLI::IsMember({"min_max", "moving_average"}))
      ->capture_default_str();
  command->add_flag("--int8-ports", q.int8_ports, "Inputs and outputs are int8");
  command->add_flag("--trainable", q.trainable,
                    "A trainable model stays one: int8 weights follow the float ones");
  command->add_option("--entry-point", q.entry_point, "Which one")->capture_default_str();
  command->add_flag("--force", options->force, "Replace an existing file");
  command->add_flag("--json", options->json, "One line of JSON, with every tensor");
  command->footer(
      "Examples:\n"
      "  mote quantize model.mote model_int8.mote --data fashion-mnist/\n"
      "  mote quantize model.tflite model_int8.mote --data samples.npy --int8-ports\n"
      "  mote quantize trained.mote device.mote --data fashion-mnist/ --trainable --json");
  command->callback([options] { quantize(*options); });
}

}  // namespace mote::tool
