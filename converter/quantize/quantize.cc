// The bytes of a float model to the bytes of an int8 one.
#include "quantize/quantize.h"

#include <algorithm>

#include "export/exporter.h"
#include "grad/freeze.h"
#include "grad/hoist_derives.h"
#include "import/mote/mote.h"
#include "import/tflite/tflite.h"
#include "ir/op_view.h"
#include "model/container.h"
#include "mote/model.h"
#include "mote/train.h"
#include "passes/passes.h"
#include "quantize/batch_norm_as_convolution.h"
#include "quantize/inline_derives.h"

namespace mote {
namespace {

void run_all_passes(ir::Graph& graph, Diagnostics& diagnostics) {
  for (const Pass& pass : passes()) {
    pass.run(graph, diagnostics);
    if (!diagnostics.empty()) return;
  }
}

bool holds(Span<const uint8_t> bytes, size_t at, const void* text, size_t size) {
  return bytes.size >= at + size && memcmp(bytes.data + at, text, size) == 0;
}

ir::Module import_model(Span<const uint8_t> bytes, const QuantizeOptions& options,
                        Diagnostics& diagnostics) {
  if (holds(bytes, 4, "TFL3", 4)) {
    if (options.trainable)
      diagnostics.add("", "a TensorFlow Lite file has no states that could be trained",
                      "convert it with --trainable and quantize the result");
    // Weights that are int8 for storage come as float32.
    ConvertOptions widened;
    widened.trainable = true;
    return import_tflite(bytes, widened, diagnostics);
  }
  if (holds(bytes, 0, kMagic, sizeof kMagic)) return import_mote(bytes, diagnostics);
  diagnostics.add("", "the format is unknown: neither TensorFlow Lite nor .mote",
                  "give a .tflite or a .mote file");
  return {};
}

size_t find_graph(const ir::Module& module, const std::string& name, Diagnostics& diagnostics) {
  std::string names;
  for (size_t g = 0; g < module.graphs.size(); ++g) {
    if (module.graphs[g].name == name) return g;
    names += (names.empty() ? "'" : ", '") + module.graphs[g].name + "'";
  }
  diagnostics.add("", "there is no entry point '" + name + "'; the model has " + names);
  return 0;
}

void require_float(const ir::Graph& graph, Diagnostics& diagnostics) {
  for (const ir::Node& node : graph.nodes)
    for (ir::ValueId v : node.outputs)
      if (graph.value(v).quantization.quantized())
        return diagnostics.add(node.location + ", tensor '" + graph.value(v).name + "'",
                               "the model is quantized already", "give the float model");
}

// The float graph that is quantized, at the returned index of the module.
size_t prepare(ir::Module& module, const QuantizeOptions& options, Diagnostics& diagnostics) {
  size_t g = find_graph(module, options.entry_point, diagnostics);
  if (!diagnostics.empty()) return 0;
  require_float(module.graphs[g], diagnostics);
  if (!diagnostics.empty()) return 0;
  if (options.trainable) {
    inline_derives(module.graphs[g], module.derives);
    batch_norm_as_convolution(module.graphs[g]);
    infer_shapes(module.graphs[g], diagnostics);
    return g;
  }
  module.graphs = {std::move(module.graphs[g])};
  module.graphs[0].name = "infer";
  module = freeze(module, diagnostics);
  if (!diagnostics.empty()) return 0;
  batch_norm_as_convolution(module.graphs[0]);
  run_all_passes(module.graphs[0], diagnostics);
  return 0;
}

void finish_graph(ir::Module& module, size_t g, bool trainable, Diagnostics& diagnostics) {
  ir::Graph& graph = module.graphs[g];
  if (trainable) hoist_derives(graph, module.derives, diagnostics);
  for (auto* pass : {fold_constants, remove_dead, infer_shapes, legalize})
    if (diagnostics.empty()) pass(graph, diagnostics);
}

void verify(const std::vector<uint8_t>& bytes, Diagnostics& diagnostics) {
  LoadOptions options;
  options.integrity = Integrity::full;
  Result<Model> model = Model::load({bytes.data(), bytes.size()}, training_operators(), options);
  if (!model.ok()) diagnostics.add("the quantized file", ir::describe_status(model.status()));
}

void quantize_bytes(Span<const uint8_t> bytes, const QuantizeOptions& options,
                    const CalibrationData& calibration, QuantizeResult* result,
                    Diagnostics& diagnostics) {
  if (find_observer(options.observer) == nullptr)
    return diagnostics.add(
        "", "there is no observer '" + options.observer + "'; there are " + observer_names());
  ir::Module module = import_model(bytes, options, diagnostics);
  if (!diagnostics.empty()) return;
  size_t g = prepare(module, options, diagnostics);
  if (!diagnostics.empty()) return;
  Samples samples(module.graphs[g], calibration, options.samples, diagnostics);
  if (!diagnostics.empty()) return;
  quantize_post_training(module, g, options, samples, result, diagnostics);
  if (diagnostics.empty()) finish_graph(module, g, options.trainable, diagnostics);
  if (!diagnostics.empty()) return;
  for (const auto& [key, value] : options.metadata) module.metadata[key] = value;
  module.metadata["quantization"] = "int8 after training, observer " + options.observer + ", " +
                                    std::to_string(result->samples) + " samples";
  result->bytes = export_module(module, diagnostics);
  if (diagnostics.empty()) verify(result->bytes, diagnostics);
}

}  // namespace

QuantizeResult quantize(Span<const uint8_t> bytes, const QuantizeOptions& options,
                        const CalibrationData& calibration) {
  QuantizeResult result;
  Diagnostics diagnostics;
  quantize_bytes(bytes, options, calibration, &result, diagnostics);
  if (!diagnostics.empty()) result.bytes.clear();
  result.diagnostics = diagnostics.list();
  return result;
}

}  // namespace mote
