#include "source_options.h"

#include <filesystem>

#include "failure.h"
#include "files.h"
#include "mote/custom_operator.h"
#include "text.h"

namespace mote::tool {
namespace {

// "NAME=TEXT" in its parts.
std::pair<std::string, std::string> parts_of(const std::string& option, const std::string& text) {
  const size_t at = text.rfind('=');
  if (at == std::string::npos || at == 0 || at + 1 == text.size())
    wrong_use(option + " " + text + ": expected NAME=VALUE");
  return {text.substr(0, at), text.substr(at + 1)};
}

Dim parse_bound(const std::string& text) {
  const ShapeBounds bounds = parse_bounds(text);
  if (bounds.rank != 1) wrong_use("--bound " + text + ": expected one size or range");
  return bounds.dims[0];
}

CustomImporter parse_custom(const std::string& text) {
  const auto [name, path] = parts_of("--custom", text);
  return custom_importer_from_model(name, read_file(path));
}

}  // namespace

void add_source_options(CLI::App& command, SourceOptions& options) {
  // One value per option, so that the positional arguments after it stay theirs.
  auto add = [&](const char* name, std::vector<std::string>& list, const char* text,
                 const char* type) {
    command.add_option(name, list, text)->type_size(1)->allow_extra_args(false)->type_name(type);
  };
  add("--shape", options.shapes,
      "Shape of an input with dynamic dimensions, as INPUT=1x96x96x3; repeatable", "INPUT=DIMS");
  add("--bound", options.bounds,
      "Size of a dimension that an ONNX model leaves open, by its name, as batch=1-8; repeatable",
      "DIM=SIZE");
  add("--fix", options.fixed, "Make an input of a source model a constant, as sr=16000; repeatable",
      "INPUT=VALUE");
  command.add_flag("--double-as-float", options.double_as_float,
                   "Convert float64 of an ONNX model to float32, its ports too");
  command.add_flag(
      "--pad-selections", options.pad_selections,
      "NonMaxSuppression of an ONNX model gives all rows that it may, and their count");
  add("--custom", options.custom,
      "Put a model in the place of a custom operator, as com.example.Scale=scale.onnx; repeatable",
      "NAME=FILE");
  command
      .add_option("--max-loop-steps", options.max_loop_steps,
                  "Steps after which a loop of the model fails, where their number is not known")
      ->check(CLI::Range(1, 1 << 24));
}

std::map<std::string, ShapeBounds> parse_shapes(const std::vector<std::string>& texts) {
  std::map<std::string, ShapeBounds> shapes;
  for (const std::string& text : texts) {
    const size_t at = text.rfind('=');
    if (at == std::string::npos || at == 0) {
      wrong_use("--shape " + text + ": expected INPUT=1x96x96x3");
    }
    if (!shapes.emplace(text.substr(0, at), parse_bounds(text.substr(at + 1))).second) {
      wrong_use("--shape names input '" + text.substr(0, at) + "' twice");
    }
  }
  return shapes;
}

void apply(const SourceOptions& options, const std::string& path, ConvertOptions* out) {
  out->input_shapes = parse_shapes(options.shapes);
  for (const std::string& text : options.bounds) {
    const auto [name, bound] = parts_of("--bound", text);
    out->dimension_bounds[name] = parse_bound(bound);
  }
  for (const std::string& text : options.fixed) {
    const auto [name, value] = parts_of("--fix", text);
    double number = 0;
    if (!CLI::detail::lexical_cast(value, number))
      wrong_use("--fix " + text + ": expected a number");
    out->fixed_inputs[name] = {number};
  }
  out->double_as_float = options.double_as_float;
  out->pad_selections = options.pad_selections;
  for (const std::string& text : options.custom)
    out->custom_operators.push_back(parse_custom(text));
  out->max_loop_steps = options.max_loop_steps;
  out->external_data_directory = folder_of(path);
}

std::string folder_of(const std::string& path) {
  if (is_stream(path)) return {};
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

}  // namespace mote::tool
