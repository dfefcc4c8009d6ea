#include "options.h"

#include <map>

#include "failure.h"
#include "text.h"

namespace mote::tool {
namespace {

const std::map<std::string, Integrity> kIntegrities = {{"auto", Integrity::automatic},
                                                       {"full", Integrity::full},
                                                       {"on-demand", Integrity::on_demand},
                                                       {"off", Integrity::off}};

}  // namespace

void add_model_options(CLI::App& command, ModelOptions& options) {
  command
      .add_option("MODEL", options.path,
                  "A .mote file, or a source file (.tflite, .onnx) that is converted in memory; "
                  "- is standard input")
      ->required();
  command.add_option("--entry-point", options.entry_point,
                     "Entry point (default: infer, else the first that can run)");
  command.add_option("--isa", options.isa, "Strongest instruction set to use: " + isa_names())
      ->check([](const std::string& name) {
        parse_isa(name);
        return std::string();
      })
      ->capture_default_str();
  command.add_option("--threads", options.threads, "Threads, the calling one included")
      ->check(CLI::Range(1u, kMaxThreads))
      ->capture_default_str();
  add_source_options(command, options.source);
  command.add_flag("--reference", options.reference, "Run every operator's reference kernel");
  command
      .add_option("--integrity", options.integrity,
                  "Hashes to check: auto, full, on-demand, off (off is for tests)")
      ->check(CLI::IsMember({"auto", "full", "on-demand", "off"}))
      ->capture_default_str();
  command.add_flag("--json", options.json, "Write the result as JSON");
}

std::function<std::string(const std::string&)> number_between(double low, double high) {
  return [low, high](const std::string& text) {
    double value = 0;
    const bool valid = CLI::detail::lexical_cast(text, value) && value >= low && value <= high;
    return valid
               ? std::string()
               : "'" + text + "' is no number of " + number_text(low) + " to " + number_text(high);
  };
}

Integrity parse_integrity(const std::string& name) {
  if (const auto found = kIntegrities.find(name); found != kIntegrities.end()) {
    return found->second;
  }
  wrong_use("--integrity " + name + ": expected auto, full, on-demand or off");
}

Isa parse_isa(const std::string& name) {
  const Result<Isa> isa = isa_from_name(name.c_str());
  if (!isa.ok()) wrong_use("--isa " + name + ": expected one of " + isa_names());
  if (isa.value() != Isa::automatic && !isa_available(isa.value())) {
    wrong_use("--isa " + name + ": this processor or this build lacks it; see 'mote doctor'");
  }
  return isa.value();
}

std::string isa_names() {
  std::string names = "auto";
  for (int i = 0; i < static_cast<int>(Isa::count_); ++i) {
    names += std::string(", ") + isa_name(static_cast<Isa>(i));
  }
  return names;
}

Isa best_isa() {
  Isa best = Isa::scalar;
  for (int i = 0; i < static_cast<int>(Isa::count_); ++i) {
    if (isa_available(static_cast<Isa>(i))) best = static_cast<Isa>(i);
  }
  return best;
}

}  // namespace mote::tool
