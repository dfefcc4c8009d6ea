// A model in the place of a custom operator.
#include "import/custom/custom_call.h"
#include "import/import.h"
#include "import/onnx/onnx.h"
#include "import/tflite/tflite.h"
#include "ir/op_view.h"
#include "passes/passes.h"

namespace mote {
namespace {

std::vector<std::string> input_names(Span<const uint8_t> model) {
  switch (source_format(model)) {
    case SourceFormat::tflite:
      return tflite_input_names(model);
    case SourceFormat::onnx:
      return onnx_input_names(model);
    default:
      return {};
  }
}

std::string count_text(size_t inputs, size_t outputs) {
  return std::to_string(inputs) + " inputs and " + std::to_string(outputs) + " outputs";
}

std::string text_of(const ir::Value& v) {
  return std::string(type_name(v.type)) + (v.quantization.quantized() ? " (quantized) " : " ") +
         ir::shape_text(v.shape);
}

bool has_states(const ir::Graph& graph) {
  for (const ir::Value& v : graph.values)
    if (v.kind == TensorKind::state) return true;
  return false;
}

// The graph for operands of these shapes, which .mote files do not take while they are imported.
std::string adapt(ir::Graph& graph, const std::vector<const ir::Value*>& operands,
                  Diagnostics& diagnostics) {
  if (has_states(graph)) return "it has states, which a custom operator cannot have";
  for (size_t i = 0; i < operands.size(); ++i) {
    ir::Value& input = graph.value(graph.inputs[i].value);
    if (input.type != operands[i]->type || input.quantization != operands[i]->quantization)
      return "its input " + std::to_string(i) + " is " + text_of(input) + ", the operator's is " +
             text_of(*operands[i]);
    input.shape = operands[i]->shape;
  }
  infer_shapes(graph, diagnostics);
  return {};
}

}  // namespace

std::optional<ir::Graph> replacement_graph(Span<const uint8_t> model,
                                           const std::vector<const ir::Value*>& operands,
                                           size_t outputs, const std::string& where,
                                           Diagnostics& diagnostics) {
  const std::string place = where + ", the model in its place";
  auto refuse = [&](const std::string& what) {
    diagnostics.add(place, what, "give a model that fits the operator");
    return std::nullopt;
  };
  for (const ir::Value* operand : operands)
    if (operand == nullptr) return refuse("an operand before another is absent");
  ConvertOptions options;
  const std::vector<std::string> names = input_names(model);
  for (size_t i = 0; i < names.size() && i < operands.size(); ++i)
    options.input_shapes[names[i]] = operands[i]->shape;
  Diagnostics own;
  ir::Module module = import_source(model, options, own);
  const ir::Graph* found = module.graphs.empty() ? nullptr : &module.graphs[0];
  for (const ir::Graph& g : module.graphs)
    if (g.name == "infer") found = &g;
  if (own.empty() && found == nullptr) return refuse("it has no entry point");
  if (own.empty() && (found->inputs.size() != operands.size() || found->outputs.size() != outputs))
    return refuse("it has " + count_text(found->inputs.size(), found->outputs.size()) +
                  ", the operator " + count_text(operands.size(), outputs));
  std::optional<ir::Graph> graph;
  if (own.empty()) {
    graph = *found;
    const std::string problem = adapt(*graph, operands, own);
    if (!problem.empty()) return refuse(problem);
  }
  for (const Diagnostic& d : own.list())
    diagnostics.add(place + (d.where.empty() ? "" : ", " + d.where), d.what, d.remedy);
  if (!own.empty()) return std::nullopt;
  for (ir::Value& v : graph->values) v.name = where + "/" + v.name;
  for (ir::Node& n : graph->nodes) n.location = where + ", " + n.location;
  return graph;
}

}  // namespace mote
