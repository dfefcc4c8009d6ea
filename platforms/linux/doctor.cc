// mote doctor: what this processor and this build offer.
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <memory>
#include <set>
#include <sstream>

#include "commands.h"
#include "json.h"
#include "options.h"
#include "text.h"
#include "version.h"

namespace mote::tool {
namespace {

struct Processor {
  std::string name = "unknown";
  std::vector<std::string> features;  // those that decide between kernels
};

// The names that Linux gives to the features of x86 and Arm.
const std::set<std::string> kFeatures = {
    "sse2",        "avx",      "fma",      "f16c",     "bmi2",        "avx2",
    "avx512f",     "avx512bw", "avx512vl", "avx_vnni", "avx512_vnni", "avx512_bf16",
    "avx512_fp16", "amx_int8", "amx_bf16", "asimd",    "neon",        "asimddp",
    "i8mm",        "bf16",     "sve",      "sve2",     "fphp",        "asimdhp"};

// The first processor of /proc/cpuinfo stands for all.
Processor read_processor() {
  Processor processor;
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line) && !line.empty()) {
    const size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    const std::string key = line.substr(0, line.find_last_not_of(" \t", colon - 1) + 1);
    std::istringstream value(line.substr(colon + 1));
    if (key == "model name" || key == "Model") {
      std::getline(value >> std::ws, processor.name);
    } else if (key == "flags" || key == "Features") {
      for (std::string flag; value >> flag;) {
        if (kFeatures.count(flag) != 0) processor.features.push_back(flag);
      }
    }
  }
  return processor;
}

Json isa_json() {
  constexpr const char* kTexts[] = {
#define MOTE_ISA(name, text) text,
#include "mote/isa.inc"
#undef MOTE_ISA
  };
  Json list = Json::array();
  for (size_t i = 0; i < static_cast<size_t>(Isa::count_); ++i) {
    const Isa isa = static_cast<Isa>(i);
    list.push_back({{"name", isa_name(isa)},
                    {"text", kTexts[i]},
                    {"available", isa_available(isa)},
                    {"used", isa == best_isa()}});
  }
  return list;
}

Json doctor_json() {
  const Processor processor = read_processor();
  Json delegates = Json::array();
  for (const char* name : {"xnnpack", "vulkan", "cuda"}) {
    delegates.push_back(
        {{"name", name}, {"available", false}, {"reason", "this version of Mote has none yet"}});
  }
  const auto memory =
      static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  return {{"version", kVersion},
          {"processor", processor.name},
          {"processors", sysconf(_SC_NPROCESSORS_ONLN)},
          {"memory_bytes", memory},
          {"features", processor.features},
          {"instruction_sets", isa_json()},
          {"delegates", delegates}};
}

std::string text_of(const Json& json) {
  std::string text = "mote " + json["version"].get<std::string>() +
                     "\nprocessor: " + json["processor"].get<std::string>() + ", " +
                     std::to_string(json["processors"].get<long>()) + " online, memory " +
                     bytes_text(json["memory_bytes"].get<uint64_t>()) + "\nfeatures:";
  for (const Json& feature : json["features"]) text += " " + feature.get<std::string>();
  text += "\n\n";
  std::vector<std::vector<std::string>> rows = {{"instruction set", "state", "needs"}};
  for (const Json& isa : json["instruction_sets"]) {
    const char* state = isa["used"].get<bool>()        ? "used"
                        : isa["available"].get<bool>() ? "available"
                                                       : "not available";
    rows.push_back({isa["name"], state, isa["text"]});
  }
  text += table_text(rows) + "\n";
  rows = {{"delegate", "state", "reason"}};
  for (const Json& delegate : json["delegates"]) {
    rows.push_back({delegate["name"], "not available", delegate["reason"]});
  }
  return text + table_text(rows);
}

}  // namespace

void add_doctor(CLI::App& application) {
  CLI::App* command = application.add_subcommand(
      "doctor", "Show the processor's features, instruction sets and delegates");
  auto as_json = std::make_shared<bool>(false);
  command->add_flag("--json", *as_json, "Write the result as JSON");
  command->footer("Examples:\n  mote doctor\n  mote doctor --json");
  command->callback([as_json] {
    const Json json = doctor_json();
    if (*as_json) {
      print(json);
    } else {
      std::cout << text_of(json);
    }
  });
}

}  // namespace mote::tool
