// What the command line says about a source model that leaves something open.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <vector>

#include "mote/converter.h"

namespace mote::tool {

struct SourceOptions {
  std::vector<std::string> shapes;  // INPUT=1x96x96x3
  std::vector<std::string> bounds;  // batch=1-8
  std::vector<std::string> fixed;   // INPUT=16000
  std::vector<std::string> custom;  // NAME=FILE
  bool double_as_float = false;
  bool pad_selections = false;
  int32_t max_loop_steps = ConvertOptions().max_loop_steps;
};

// --shape, --bound, --fix, --custom, --double-as-float, --pad-selections, --max-loop-steps.
void add_source_options(CLI::App& command, SourceOptions& options);
// By input name. Throws Failure(kWrongUse).
std::map<std::string, ShapeBounds> parse_shapes(const std::vector<std::string>& texts);
// Weights beside the model are looked for in the folder of `path`. Throws Failure: kWrongUse, or
// kBadInput for a file of --custom.
void apply(const SourceOptions& options, const std::string& path, ConvertOptions* out);
// The folder of a model's file, for weights beside it; empty for standard input.
std::string folder_of(const std::string& path);

}  // namespace mote::tool
