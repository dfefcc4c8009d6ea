#include "import/onnx/onnx.h"

#include "import/onnx/graph_importer.h"

namespace mote {
namespace {

using namespace onnx_import;

void check_names_of_options(Source& source) {
  const ConvertOptions& options = source.options();
  for (const auto& [name, shape] : options.input_shapes)
    if (source.shaped_inputs.count(name) == 0)
      source.error("--shape " + name, "the model has no input of this name");
  for (const auto& [name, elements] : options.fixed_inputs)
    if (source.fixed_inputs.count(name) == 0)
      source.error("--fix " + name, "the model has no input of this name");
  for (const auto& [name, bounds] : options.dimension_bounds)
    if (source.bounded_dimensions.count(name) == 0)
      source.error("--bound " + name, "the model has no open dimension of this name");
}

bool parse(Span<const uint8_t> bytes, onnx::ModelProto* model, Diagnostics& diagnostics) {
  if (bytes.size > INT32_MAX) {
    diagnostics.add("", "the model is larger than 2 GiB",
                    "keep its weights in files beside it (ONNX's external data)");
    return false;
  }
  if (!model->ParseFromArray(bytes.data, static_cast<int>(bytes.size))) {
    diagnostics.add("", "the ONNX file is cut or damaged", "copy or export the model again");
    return false;
  }
  if (model->has_graph()) return true;
  diagnostics.add("", "the ONNX file holds no graph, so there is nothing to run",
                  "export the model again");
  return false;
}

ir::Module import_parsed(const onnx::ModelProto& model, size_t file_bytes,
                         const ConvertOptions& options, Diagnostics& diagnostics) {
  ir::Module module;
  Source source(model, file_bytes, options, diagnostics);
  if (source.opsets().count("") == 0 && source.opsets().empty()) {
    source.error("", "the file names no operator set", "export the model again");
    return module;
  }
  module.graphs.push_back(GraphImporter(source).run("infer"));
  for (const auto& entry : model.metadata_props())
    if (!entry.key().empty() && entry.key() != kFixedInputsKey)
      module.metadata.emplace(entry.key(), entry.value());
  source.report_unsupported();
  check_names_of_options(source);
  if (!source.fixed_inputs.empty())
    module.metadata[kFixedInputsKey] = fixed_inputs_text(source.fixed_inputs, options);
  return module;
}

}  // namespace

bool looks_like_onnx(Span<const uint8_t> bytes) {
  // The version of the format comes first: field 1, a small number, then another field of a model.
  constexpr uint8_t kVersionTag = 0x08;
  if (bytes.size < 3 || bytes[0] != kVersionTag || bytes[1] == 0 || bytes[1] >= 0x80) return false;
  constexpr uint8_t kTags[] = {0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72};
  for (uint8_t tag : kTags)
    if (bytes[2] == tag) return true;
  return false;
}

ir::Module import_onnx(Span<const uint8_t> bytes, const ConvertOptions& options,
                       Diagnostics& diagnostics) {
  onnx::ModelProto model;
  if (!parse(bytes, &model, diagnostics)) return {};
  return import_parsed(model, bytes.size, options, diagnostics);
}

ir::Module import_onnx(std::vector<uint8_t>&& bytes, const ConvertOptions& options,
                       Diagnostics& diagnostics) {
  onnx::ModelProto model;
  const size_t size = bytes.size();
  if (!parse({bytes.data(), size}, &model, diagnostics)) return {};
  std::vector<uint8_t>().swap(bytes);
  return import_parsed(model, size, options, diagnostics);
}

std::vector<std::string> onnx_input_names(Span<const uint8_t> bytes) {
  std::vector<std::string> names;
  Diagnostics ignored;
  onnx::ModelProto model;
  if (!parse(bytes, &model, ignored)) return names;
  Names constants;
  for (const onnx::TensorProto& t : model.graph().initializer()) constants.insert(t.name());
  for (const onnx::ValueInfoProto& input : model.graph().input())
    if (constants.count(input.name()) == 0) names.push_back(text_of(input.name()));
  return names;
}

}  // namespace mote
