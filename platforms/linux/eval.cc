// mote eval: accuracy and confusion matrix of a model.
#include <algorithm>
#include <iostream>
#include <memory>
#include <sstream>
#include <utility>

#include "commands.h"
#include "json.h"
#include "loaded_model.h"
#include "options.h"
#include "text.h"
#include "training_data.h"

namespace mote::tool {
namespace {

struct Options {
  std::string model;
  std::string data;
  std::string split = "t10k";
  std::string entry_point;
  uint32_t threads = 1;
  std::string isa = "auto";
  size_t predictions = 0;
  bool json = false;
};

// Wider matrices are for --json.
constexpr size_t kMaxShown = 20;
constexpr size_t kNameWidth = 14;

std::vector<std::string> names_of(const Evaluation& evaluation) {
  std::vector<std::string> names;
  std::istringstream lines(evaluation.label_names);
  for (std::string line; names.size() < evaluation.classes && std::getline(lines, line);) {
    names.push_back(line);
  }
  while (names.size() < evaluation.classes) names.push_back(std::to_string(names.size()));
  return names;
}

Json predictions_of(const Evaluation& e, const Dataset& data, size_t count) {
  auto list = Json::array();
  for (size_t i = 0; i < std::min(count, e.samples); ++i) {
    list.push_back({{"index", i}, {"prediction", e.predictions[i]}, {"label", data.labels[i]}});
  }
  return list;
}

void print_json(const Options& options, const Evaluation& e, const Dataset& data) {
  Json json = {
      {"model", options.model}, {"entry_point", e.entry_point}, {"samples", e.samples},
      {"correct", e.correct},   {"accuracy", e.accuracy()},     {"loss", nullptr},
      {"seconds", e.seconds},   {"labels", names_of(e)},        {"confusion", Json::array()}};
  if (e.loss) json["loss"] = *e.loss;
  for (size_t row = 0; row * e.classes < e.confusion.size(); ++row) {
    const auto begin = e.confusion.begin() + static_cast<std::ptrdiff_t>(row * e.classes);
    json["confusion"].push_back(
        std::vector<uint64_t>(begin, begin + static_cast<std::ptrdiff_t>(e.classes)));
  }
  if (options.predictions > 0) json["predictions"] = predictions_of(e, data, options.predictions);
  print(json);
}

void print_text(const Evaluation& e) {
  char line[128];
  snprintf(line, sizeof line, "accuracy %.2f %% (%zu of %zu)", 100 * e.accuracy(), e.correct,
           e.samples);
  std::cout << line;
  if (e.loss) std::cout << ", loss " << number_text(*e.loss);
  std::cout << "; " << e.entry_point << ", " << number_text(e.seconds) << " s\n";
  if (e.classes > kMaxShown || e.confusion.empty()) return;
  const std::vector<std::string> names = names_of(e);
  std::vector<std::vector<std::string>> rows = {{"true \\ predicted"}};
  std::vector<size_t> right;
  for (size_t c = 0; c < e.classes; ++c) {
    rows[0].push_back(std::to_string(c));
    right.push_back(c + 1);
  }
  for (size_t truth = 0; truth < e.classes; ++truth) {
    rows.push_back({std::to_string(truth) + " " + plain(names[truth]).substr(0, kNameWidth)});
    for (size_t c = 0; c < e.classes; ++c) {
      rows.back().push_back(std::to_string(e.confusion[truth * e.classes + c]));
    }
  }
  std::cout << table_text(rows, right);
}

void evaluate_model(const Options& options) {
  const Isa isa = parse_isa(options.isa);
  Bytes bytes = read_file(options.model);
  if (is_source(options.model, span_of(bytes))) {
    bytes = convert_source(subject_of(options.model), span_of(bytes), {});
  }
  const OwnedThreadPool pool = make_pool(options.threads);
  const EvaluationOptions with{options.entry_point, callbacks_of(pool, options.threads), isa,
                               subject_of(options.model)};
  const auto [data, evaluation] = with_failures([&] {
    Dataset loaded = load_idx(options.data, options.split);
    Evaluation result = evaluate(span_of(bytes), loaded, with);
    return std::pair(std::move(loaded), std::move(result));
  });
  if (options.json) {
    print_json(options, evaluation, data);
  } else {
    print_text(evaluation);
  }
}

}  // namespace

void add_eval(CLI::App& application) {
  CLI::App* command =
      application.add_subcommand("eval", "Measure a classifier's accuracy on a data set");
  auto options = std::make_shared<Options>();
  command->add_option("MODEL", options->model, "A .mote or .tflite file, float or quantized")
      ->required();
  command->add_option("--data", options->data, "Folder with IDX files, as for 'mote train'")
      ->required()
      ->type_name("DIR");
  command->add_option("--split", options->split, "Which files: t10k or train")
      ->check(CLI::IsMember({"t10k", "train"}))
      ->capture_default_str();
  command->add_option("--entry-point", options->entry_point,
                      "Entry point (default: eval where it can run, else infer)");
  command->add_option("--threads", options->threads, "Threads, the calling one included")
      ->check(CLI::Range(1u, kMaxThreads))
      ->capture_default_str();
  command->add_option("--isa", options->isa, "Strongest instruction set to use: " + isa_names())
      ->capture_default_str();
  CLI::Option* json = command->add_flag("--json", options->json, "Write the result as JSON");
  command->add_option("--predictions", options->predictions, "List the first N predictions")
      ->needs(json)
      ->check(number_between(0, 1e15))
      ->type_name("N");
  command->footer(
      "Pictures are normalized as the model's metadata say ('mote train' writes that).\n"
      "Example:\n"
      "  mote eval run/best.mote --data /usr/share/datasets/fashion-mnist");
  command->callback([options] { evaluate_model(*options); });
}

}  // namespace mote::tool
