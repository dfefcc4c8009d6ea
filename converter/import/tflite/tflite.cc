#include "import/tflite/tflite.h"

#include "import/tflite/graph_importer.h"
#include "import/tflite/metadata.h"
#include "ir/op_view.h"

namespace mote {
namespace {

using namespace tflite_import;

// FlatBuffers reads 8-byte scalars in place.
Span<const uint8_t> aligned(Span<const uint8_t> bytes, std::vector<uint8_t>* memory) {
  if (reinterpret_cast<uintptr_t>(bytes.data) % 16 == 0) return bytes;
  memory->assign(bytes.begin(), bytes.end());
  return {memory->data(), memory->size()};
}

struct Entry {
  std::string name;
  uint32_t subgraph;
  const tfl::SignatureDef* signature;
};

// One per signature, else subgraph 0.
std::vector<Entry> entries_of(Source& source) {
  const auto* signatures = source.model().signature_defs();
  uint32_t count = size_of(signatures), subgraphs = size_of(source.model().subgraphs());
  std::vector<Entry> entries;
  // Several signatures are imported one by one; honest files hold few.
  constexpr uint32_t kMaxSignatures = 256;
  if (count > kMaxSignatures) {
    source.error("", std::to_string(count) + " signatures; the limit is 256");
    return entries;
  }
  std::set<uint32_t> taken;
  for (uint32_t i = 0; i < count; ++i) {
    const tfl::SignatureDef* s = signatures->Get(i);
    if (s->subgraph_index() >= subgraphs) {
      source.error("signature '" + text_of(s->signature_key()) + "'",
                   "subgraph " + std::to_string(s->subgraph_index()) + " does not exist",
                   "the file is damaged; export the model again");
    } else if (taken.insert(s->subgraph_index()).second) {
      entries.push_back({text_of(s->signature_key()), s->subgraph_index(), s});
    }
  }
  if (entries.empty() && count == 0) entries.push_back({"infer", 0, nullptr});
  if (entries.size() == 1) entries[0].name = "infer";
  return entries;
}

void check_names_of_options(Source& source) {
  for (const auto& [name, shape] : source.options().input_shapes)
    if (source.shaped_inputs.count(name) == 0)
      source.error("--shape " + name, "the model has no input of this name");
  for (const auto& [name, elements] : source.options().fixed_inputs)
    if (source.fixed_inputs.count(name) == 0)
      source.error("--fix " + name, "the model has no input of this name");
}

}  // namespace

ir::Module import_tflite(Span<const uint8_t> bytes, const ConvertOptions& options,
                         Diagnostics& diagnostics) {
  std::vector<uint8_t> memory;
  bytes = aligned(bytes, &memory);
  ir::Module module;
  const tfl::Model* model = verify(bytes, diagnostics);
  if (model == nullptr) return module;
  Source source(bytes, *model, options, diagnostics);
  if (model->version() != 3) {
    source.error("", "schema version " + std::to_string(model->version()) + "; expected 3",
                 "export the model with a current TensorFlow");
    return module;
  }
  if (size_of(model->subgraphs()) == 0) {
    source.error("", "the model has no subgraph, so there is nothing to run",
                 "export the model again");
    return module;
  }
  for (const Entry& e : entries_of(source))
    module.graphs.push_back(GraphImporter(source, e.subgraph).run(e.name, e.signature));
  source.report_custom();
  check_names_of_options(source);
  module.metadata = read_metadata(source, bytes);
  if (!source.fixed_inputs.empty())
    module.metadata[kFixedInputsKey] = fixed_inputs_text(source.fixed_inputs, options);
  return module;
}

std::vector<std::string> tflite_input_names(Span<const uint8_t> bytes) {
  std::vector<std::string> names;
  std::vector<uint8_t> memory;
  Diagnostics ignored;
  const tfl::Model* model = verify(aligned(bytes, &memory), ignored);
  if (model == nullptr) return names;
  const uint32_t subgraph =
      size_of(model->signature_defs()) == 0 ? 0 : model->signature_defs()->Get(0)->subgraph_index();
  if (subgraph >= size_of(model->subgraphs())) return names;
  const tfl::SubGraph& graph = *model->subgraphs()->Get(subgraph);
  for (uint32_t i = 0; i < size_of(graph.inputs()); ++i) {
    const int32_t t = graph.inputs()->Get(i);
    if (t < 0 || static_cast<uint32_t>(t) >= size_of(graph.tensors())) return {};
    names.push_back(text_of(graph.tensors()->Get(static_cast<uint32_t>(t))->name()));
  }
  return names;
}

}  // namespace mote
