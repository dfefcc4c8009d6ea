// Bytes of a known format to the bytes of a .mote file.
#include "diagnostics.h"
#include "export/exporter.h"
#include "grad/make_trainable.h"
#include "import/import.h"
#include "import/onnx/onnx.h"
#include "import/tflite/tflite.h"
#include "ir/op_view.h"
#include "mote/model.h"
#include "mote/train.h"
#include "passes/layout/solver.h"
#include "passes/passes.h"

namespace mote {
namespace {

// What a device would do with the result, all hashes included.
void verify_file(Span<const uint8_t> bytes, Diagnostics& diagnostics) {
  LoadOptions options;
  options.integrity = Integrity::full;
  Result<Model> model = Model::load(bytes, training_operators(), options);
  if (!model.ok()) diagnostics.add("the converted file", ir::describe_status(model.status()));
}

// What is left of another layout than channels-last, for people who wonder about the time it takes.
void note_transposes(ir::Module& module) {
  std::string text;
  for (const ir::Graph& graph : module.graphs) text += layout::transposes_text(graph);
  if (!text.empty()) module.metadata.emplace("transposes", text);
}

ConvertResult finish(ir::Module module, const ConvertOptions& options, const char* source,
                     Diagnostics& diagnostics) {
  ConvertResult result;
  // Importers fold: what was read of weights that are held in another order now is in nobody's way.
  for (ir::Graph& graph : module.graphs)
    if (diagnostics.empty()) ir::remove_unused_values(graph);
  if (diagnostics.empty()) run_passes(module, options.optimize, diagnostics, options.trainable);
  if (diagnostics.empty()) note_transposes(module);
  if (diagnostics.empty() && options.trainable)
    make_trainable(module, options.training, diagnostics);
  // The caller's entries win over the source's own.
  for (const auto& [key, value] : options.metadata) module.metadata[key] = value;
  if (options.metadata.count("provenance") == 0)
    module.metadata["provenance"] = std::string("converted from ") + source;
  if (diagnostics.empty()) result.bytes = export_module(module, diagnostics);
  if (diagnostics.empty()) verify_file({result.bytes.data(), result.bytes.size()}, diagnostics);
  if (!diagnostics.empty()) result.bytes.clear();
  result.diagnostics = diagnostics.list();
  return result;
}

}  // namespace

ConvertResult convert_tflite(Span<const uint8_t> bytes, const ConvertOptions& options) {
  Diagnostics diagnostics;
  ir::Module module = import_tflite(bytes, options, diagnostics);
  return finish(std::move(module), options, format_name(SourceFormat::tflite), diagnostics);
}

ConvertResult convert_onnx(Span<const uint8_t> bytes, const ConvertOptions& options) {
  Diagnostics diagnostics;
  ir::Module module = import_onnx(bytes, options, diagnostics);
  return finish(std::move(module), options, format_name(SourceFormat::onnx), diagnostics);
}

ConvertResult convert(Span<const uint8_t> bytes, const ConvertOptions& options) {
  const SourceFormat format = source_format(bytes);
  if (format == SourceFormat::mote)
    return convert_owned(std::vector<uint8_t>(bytes.begin(), bytes.end()), options);
  Diagnostics diagnostics;
  ir::Module module = import_source(bytes, options, diagnostics);
  return finish(std::move(module), options, format_name(format), diagnostics);
}

ConvertResult convert_owned(std::vector<uint8_t> bytes, const ConvertOptions& options) {
  const SourceFormat format = source_format({bytes.data(), bytes.size()});
  Diagnostics diagnostics;
  if (format != SourceFormat::mote) {
    ir::Module module = import_source(std::move(bytes), options, diagnostics);
    return finish(std::move(module), options, format_name(format), diagnostics);
  }
  ConvertResult result;
  result.bytes = std::move(bytes);
  verify_file({result.bytes.data(), result.bytes.size()}, diagnostics);
  if (options.trainable)
    diagnostics.add("", "a .mote file is not made trainable",
                    "convert the source model with this option");
  if (!diagnostics.empty()) result.bytes.clear();
  result.diagnostics = diagnostics.list();
  return result;
}

}  // namespace mote
