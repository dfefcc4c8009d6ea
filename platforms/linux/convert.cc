// mote convert: a source file to a .mote file.
#include <malloc.h>
#include <unistd.h>

#include <iostream>
#include <memory>

#include "clock.h"
#include "commands.h"
#include "comparison.h"
#include "failure.h"
#include "fixed_inputs.h"
#include "inspect_json.h"
#include "json.h"
#include "proof.h"
#include "report.h"
#include "source_options.h"
#include "source_runtime.h"
#include "text.h"
#include "thresholds.h"

namespace mote::tool {
namespace {

// What --verify demands when no threshold is given: the float bound and, for quantized outputs,
// one step of the output.
constexpr double kDefaultMaxErr = 1e-4;
constexpr int64_t kDefaultMaxLsb = 1;

// Of the table of layers; all are in the report.
constexpr size_t kShownLayers = 10;
// What --verify-with-source runs without a reference set.
constexpr size_t kRandomCases = 3;

struct Options {
  std::string input;
  std::string output;
  SourceOptions source;
  std::string labels;
  std::string references;
  bool verify_with_source = false;
  std::string report;
  Thresholds thresholds;
  bool trainable = false;
  TrainingOptions training;
  bool force = false;
  bool json = false;
};

void require_proof(const std::vector<OutputComparison>& outputs, const Thresholds& given) {
  if (given.max_err.has_value() || given.max_lsb.has_value() || given.min_equal.has_value()) {
    require_applicable(outputs, given);
    require_thresholds(outputs, given);
    return;
  }
  for (const OutputComparison& output : outputs) {
    Thresholds thresholds;
    if (output.max_lsb.has_value()) {
      thresholds.max_lsb = kDefaultMaxLsb;
    } else {
      thresholds.max_err = kDefaultMaxErr;
    }
    require_thresholds({output}, thresholds);
  }
}

std::string diagnostics_of(const ProofResult& proof) {
  ConvertResult result;
  result.diagnostics = proof.diagnostics;
  return result.text();
}

// glibc keeps freed blocks of up to 32 MiB for later once it has seen larger ones. Weights are such
// blocks, and most of what a conversion takes: they go back to the system.
void return_large_blocks() {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, 1 << 16);
#endif
}

std::map<std::string, std::string> metadata_of(const Options& options) {
  std::map<std::string, std::string> metadata;
  if (!options.labels.empty()) {
    const Bytes text = read_file(options.labels);
    metadata["labels"].assign(text.begin(), text.end());
  }
  return metadata;
}

Json summary(const Options& options, const LoadedModel& loaded, size_t in_bytes) {
  const Model& model = loaded.model;
  Json json = {{"input", options.input},
               {"output", options.output},
               {"input_bytes", in_bytes},
               {"output_bytes", loaded.file_bytes},
               {"operators", model.operator_count()},
               {"tensors", model.tensor_count()},
               {"convert_us", loaded.convert_us}};
  auto entry_points = Json::array();
  for (uint32_t i = 0; i < model.entry_point_count(); ++i) {
    entry_points.push_back(model.entry_point(i).name);
  }
  json["entry_points"] = entry_points;
  return json;
}

// What was found out about the result before it is written.
struct Evidence {
  std::vector<OutputComparison> outputs;
  std::optional<ProofResult> proof;
};

Evidence prove_conversion(const Options& options, const LoadedModel& loaded,
                          Span<const uint8_t> source, const ConvertOptions& convert_options) {
  Evidence evidence;
  if (options.references.empty() && !options.verify_with_source) return evidence;
  Runner runner(loaded, ModelOptions());
  ReferenceSet set = options.references.empty() ? random_inputs(runner, kRandomCases)
                                                : load_reference_set(options.references);
  const std::vector<FixedInput> fixed = fixed_inputs_of(loaded.model);
  if (options.verify_with_source) {
    if (options.references.empty()) add_fixed_inputs(fixed, set);
    if (set.by_name || set.stateful)
      wrong_use("--verify-with-source takes reference sets by index without states alone");
    for (ReferenceCase& c : set.cases) c.outputs.clear();
    run_source(options.input, runner, set);
  }
  const std::string note = drop_fixed_inputs(fixed, runner.inputs().size(), set);
  if (!note.empty()) std::cerr << "mote: warning: " << note << "\n";
  evidence.outputs = compare(runner, set);
  evidence.proof = prove(source, convert_options, proof_cases(runner, set),
                         loaded.model.entry_point(runner.entry_point()).name);
  if (!evidence.proof->ok()) bad_input("the proof by layers: " + diagnostics_of(*evidence.proof));
  return evidence;
}

void write_report(const Options& options, const LoadedModel& loaded, const Json& json) {
  if (options.report.empty()) return;
  const Runner runner(loaded, ModelOptions());
  const std::string page = report_page(json, inspect_json(loaded, runner));
  const Bytes bytes(page.begin(), page.end());
  write_file(options.report, span_of(bytes), options.force);
}

void show(const Options& options, const Json& json, const Evidence& evidence) {
  // The model itself goes to standard output for "-".
  std::ostream& stream = options.output == "-" ? std::cerr : std::cout;
  if (options.json) {
    print(json, stream);
    return;
  }
  stream << options.output << ": " << bytes_text(json["output_bytes"].get<uint64_t>()) << ", "
         << json["operators"] << " operators, from "
         << bytes_text(json["input_bytes"].get<uint64_t>()) << "\n";
  if (!evidence.outputs.empty()) stream << text_of(evidence.outputs);
  if (evidence.proof) stream << "\n" << text_of(*evidence.proof, kShownLayers);
  if (!options.report.empty()) stream << "report: " << options.report << "\n";
}

void convert(const Options& options) {
  require_writable(options.output, options.force);
  if (!options.report.empty()) require_writable(options.report, options.force);
  const Thresholds& given = options.thresholds;
  const bool is_proved = !options.references.empty() || options.verify_with_source;
  if (!is_proved && (given.max_err || given.max_lsb || given.min_equal))
    wrong_use("--max-err, --max-lsb and --min-equal need --verify or --verify-with-source");
  return_large_blocks();
  Bytes source = read_file(options.input);
  const size_t source_bytes = source.size();
  const std::string subject = subject_of(options.input);
  const Clock clock;
  ConvertOptions convert_options;
  apply(options.source, options.input, &convert_options);
  convert_options.metadata = metadata_of(options);
  convert_options.trainable = options.trainable;
  convert_options.training = options.training;
  const Bytes kept = is_proved ? source : Bytes();  // the proof needs it again
  Bytes converted = convert_owned_source(subject, std::move(source), convert_options);
  const double convert_us = clock.microseconds();
  // What is written must load: the validator is the judge of the exporter too.
  LoadedModel loaded =
      load_model_bytes(subject + ", converted", std::move(converted), Integrity::full);
  loaded.convert_us = convert_us;
  loaded.converted = true;

  Json json = summary(options, loaded, source_bytes);
  const Evidence evidence = prove_conversion(options, loaded, span_of(kept), convert_options);
  if (!evidence.outputs.empty()) json["verify"] = json_of(evidence.outputs);
  if (evidence.proof) json["proof"] = json_of(*evidence.proof);
  // Written also where the proof fails: it shows where.
  write_report(options, loaded, json);
  try {
    if (!evidence.outputs.empty()) require_proof(evidence.outputs, options.thresholds);
  } catch (const Failure& failure) {
    if (!options.json) std::cerr << text_of(*evidence.proof, kShownLayers);
    throw Failure(failure.code(), std::string(failure.what()) + "; " + options.output +
                                      " was not written (convert without --verify to keep it)");
  }
  write_file(options.output, span_of(loaded.converted_bytes), options.force);
  show(options, json, evidence);
}

const std::map<std::string, Loss> kLosses = {{"cross-entropy", Loss::softmax_cross_entropy},
                                             {"mse", Loss::mse}};
const std::map<std::string, Optimizer> kOptimizers = {
    {"sgd", Optimizer::sgd}, {"adam", Optimizer::adam}, {"adamw", Optimizer::adamw}};

void add_training_options(CLI::App& command, Options& options) {
  CLI::Option* trainable = command.add_flag(
      "--trainable", options.trainable,
      "Write train and eval beside infer; the weights of a float model become its states");
  command
      .add_option("--loss", options.training.loss,
                  "What train lowers: cross-entropy of labels, or mse (default cross-entropy)")
      ->transform(CLI::CheckedTransformer(kLosses).description(""))
      ->needs(trainable);
  command.add_option("--optimizer", options.training.optimizer, "sgd, adam or adamw (default sgd)")
      ->transform(CLI::CheckedTransformer(kOptimizers).description(""))
      ->needs(trainable);
  command
      .add_option("--batch", options.training.train_batch,
                  "Samples of a training step, and the most that eval takes (default 1)")
      ->needs(trainable);
}

}  // namespace

void add_convert(CLI::App& application) {
  CLI::App* command =
      application.add_subcommand("convert", "Convert a TFLite or ONNX file to a .mote file");
  auto options = std::make_shared<Options>();
  command->add_option("IN", options->input, "A .tflite or .onnx file; - is standard input")
      ->required();
  command->add_option("OUT", options->output, "The .mote file to write; - is standard output")
      ->required();
  add_source_options(*command, options->source);
  command
      ->add_option("--labels", options->labels,
                   "Names of the classes, one per line, to be stored in the file")
      ->type_name("FILE");
  command
      ->add_option("--verify", options->references,
                   "Prove the result on the reference set in this folder before it is written")
      ->type_name("DIR");
  command->add_flag("--verify-with-source", options->verify_with_source,
                    "Prove the result against the source's own runtime (Python with ai-edge-litert "
                    "or onnxruntime), on the inputs of --verify or on random ones");
  command
      ->add_option("--report", options->report,
                   "Write a page about graph, memory, sizes and errors")
      ->type_name("FILE.html");
  add_threshold_options(*command, options->thresholds);
  add_training_options(*command, *options);
  command->add_flag("--force", options->force, "Overwrite OUT");
  command->add_flag("--json", options->json, "Write a summary as JSON");
  command->footer(
      "Everything that cannot be converted is listed at once, with its place and a remedy.\n"
      "--verify without thresholds demands max_err <= 1e-4 and, of quantized outputs, max_lsb <= "
      "1.\n"
      "Examples:\n"
      "  mote convert model.tflite model.mote\n"
      "  mote convert model.tflite model.mote --shape input=1x96x96x3 --force\n"
      "  mote convert model.tflite model.mote --verify references/ --min-equal 1\n"
      "  mote convert model.onnx model.mote --bound batch=1-8 --fix sr=16000\n"
      "  mote convert model.onnx model.mote --verify-with-source --report model.html\n"
      "  mote convert model.tflite model.mote --trainable --optimizer adam --batch 8");
  command->callback([options] { convert(*options); });
}

}  // namespace mote::tool
