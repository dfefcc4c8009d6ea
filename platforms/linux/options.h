// What the subcommands that take a model share on the command line.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "mote/session.h"
#include "source_options.h"

namespace mote::tool {

struct ModelOptions {
  std::string path;      // a .mote file or a source file; "-": standard input
  SourceOptions source;  // its shapes are also for .mote files
  std::string integrity = "auto";
  std::string isa = "auto";
  std::string entry_point;  // empty: "infer", else the first that can run
  uint32_t threads = 1;
  bool reference = false;
  bool json = false;
};

// MODEL, --entry-point, --isa, --threads, --reference, --integrity, --json, and those of a source.
void add_model_options(CLI::App& command, ModelOptions& options);

// A check of an option's text; CLI11's Range lets "nan" pass.
std::function<std::string(const std::string&)> number_between(double low, double high);

Integrity parse_integrity(const std::string& name);
// Throws Failure(kWrongUse) also for one that this processor or build lacks.
Isa parse_isa(const std::string& name);
// Every name that --isa takes: "auto, scalar, avx2, avx512".
std::string isa_names();
// The strongest that this processor and this build have.
Isa best_isa();

}  // namespace mote::tool
