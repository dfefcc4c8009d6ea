// Bytes of a known format to the bytes of a .mote file.
#include <cstring>

#include "diagnostics.h"
#include "export/exporter.h"
#include "grad/make_trainable.h"
#include "import/onnx/onnx.h"
#include "import/tflite/tflite.h"
#include "ir/op_view.h"
#include "model/container.h"
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
  if (diagnostics.empty()) run_passes(module, options.optimize, diagnostics, options.trainable);
  note_transposes(module);
  if (diagnostics.empty() && options.trainable)
    make_trainable(module, options.training, diagnostics);
  module.metadata.insert(options.metadata.begin(), options.metadata.end());
  module.metadata.emplace("provenance", std::string("converted from ") + source);
  if (diagnostics.empty()) result.bytes = export_module(module, diagnostics);
  if (diagnostics.empty()) verify_file({result.bytes.data(), result.bytes.size()}, diagnostics);
  if (!diagnostics.empty()) result.bytes.clear();
  result.diagnostics = diagnostics.list();
  return result;
}

bool is_tflite(Span<const uint8_t> bytes) {
  return bytes.size >= 8 && memcmp(bytes.data + 4, "TFL3", 4) == 0;
}
bool is_mote(Span<const uint8_t> bytes) {
  return bytes.size >= sizeof kMagic && memcmp(bytes.data, kMagic, sizeof kMagic) == 0;
}

}  // namespace

ConvertResult convert_tflite(Span<const uint8_t> bytes, const ConvertOptions& options) {
  Diagnostics diagnostics;
  ir::Module module = import_tflite(bytes, options, diagnostics);
  return finish(std::move(module), options, "TensorFlow Lite", diagnostics);
}

ConvertResult convert_onnx(Span<const uint8_t> bytes, const ConvertOptions& options) {
  Diagnostics diagnostics;
  ir::Module module = import_onnx(bytes, options, diagnostics);
  return finish(std::move(module), options, "ONNX", diagnostics);
}

ConvertResult convert(Span<const uint8_t> bytes, const ConvertOptions& options) {
  if (is_tflite(bytes)) return convert_tflite(bytes, options);
  if (looks_like_onnx(bytes)) return convert_onnx(bytes, options);
  ConvertResult result;
  Diagnostics diagnostics;
  if (is_mote(bytes) && options.trainable) {
    diagnostics.add("", "a .mote file is not made trainable",
                    "convert the source model with this option");
  } else if (is_mote(bytes)) {
    result.bytes.assign(bytes.begin(), bytes.end());
    verify_file({result.bytes.data(), result.bytes.size()}, diagnostics);
  } else {
    diagnostics.add("", "the format is unknown: neither TensorFlow Lite nor ONNX nor .mote",
                    "give a .tflite, .onnx or .mote file");
  }
  if (!diagnostics.empty()) result.bytes.clear();
  result.diagnostics = diagnostics.list();
  return result;
}

}  // namespace mote
