// STABLEHLO_COMPOSITE: a whole operator where there is one, else the operators of the
// decomposition.
#include "import/tflite/composite.h"

#include "import/tflite/op_import.h"
#include "ir/op_view.h"

namespace mote::tflite_import {
namespace {

// Of composites within decompositions of composites.
constexpr uint32_t kMaxDepth = 8;

std::optional<ir::Graph> decomposition(OpImport& c, int32_t subgraph) {
  Source& source = c.importer().source();
  if (subgraph < 0 || static_cast<uint32_t>(subgraph) >= size_of(source.model().subgraphs())) {
    c.error("the decomposition is no subgraph of the model", "the file is damaged");
    return std::nullopt;
  }
  if (source.composite_depth == kMaxDepth) {
    c.error("decompositions of composites are nested too deeply", "the file is damaged");
    return std::nullopt;
  }
  const uint32_t errors = source.errors();
  ++source.composite_depth;
  ir::Graph body = GraphImporter(source, static_cast<uint32_t>(subgraph)).run("composite", nullptr);
  --source.composite_depth;
  if (source.errors() != errors) return std::nullopt;
  return body;
}

bool same_dims(const ShapeBounds& a, const ShapeBounds& b) {
  if (a.rank != b.rank) return false;
  for (int i = 0; i < a.rank; ++i)
    if (a.dims[i].min != b.dims[i].min || a.dims[i].max != b.dims[i].max) return false;
  return true;
}

// The decomposition is of operands like these, and keeps nothing between runs.
bool fits(OpImport& c, const ir::Graph& body, const std::vector<ir::ValueId>& operands) {
  bool same = body.inputs.size() == operands.size() && body.outputs.size() == c.output_count();
  for (size_t i = 0; same && i < operands.size(); ++i) {
    const ir::Value &a = c.value(operands[i]), &b = body.value(body.inputs[i].value);
    same = a.type == b.type && a.quantization == b.quantization && same_dims(a.shape, b.shape);
  }
  if (!same) {
    c.error("the operands differ from those of the decomposition",
            "keep the shapes that the model was exported with");
    return false;
  }
  for (const ir::Value& v : body.values) {
    if (v.kind != TensorKind::state) continue;
    c.error("the decomposition has a variable", "export the model without composites");
    return false;
  }
  return true;
}

// The operators of `body` behind the others; its values by number.
std::vector<ir::ValueId> spliced(OpImport& c, const ir::Graph& body,
                                 const std::vector<ir::ValueId>& operands) {
  std::vector<ir::ValueId> renamed(body.values.size(), ir::kNone);
  for (size_t i = 0; i < operands.size(); ++i)
    renamed[static_cast<size_t>(body.inputs[i].value)] = operands[i];
  auto value_of = [&](ir::ValueId v) {
    if (v == ir::kNone) return v;
    ir::ValueId& known = renamed[static_cast<size_t>(v)];
    if (known == ir::kNone) {
      ir::Value copy = body.value(v);
      copy.name = c.where() + "/" + copy.name;
      known = c.graph().add_value(std::move(copy));
    }
    return known;
  };
  for (const ir::Node& node : body.nodes) {
    std::vector<ir::ValueId> inputs, outputs;
    for (ir::ValueId v : node.inputs) inputs.push_back(value_of(v));
    for (ir::ValueId v : node.outputs) outputs.push_back(value_of(v));
    if (!c.importer().emit_all(node.op, node.attributes, std::move(inputs), std::move(outputs),
                               c.where() + ", " + node.location))
      return {};
  }
  std::vector<ir::ValueId> outputs;
  for (const ir::Port& port : body.outputs) outputs.push_back(value_of(port.value));
  return outputs;
}

}  // namespace

void import_composite(OpImport& c) {
  const auto* options = c.options_2<tfl::StableHLOCompositeOptions>();
  if (options == nullptr) return c.error("the composite has no options", "export the model again");
  std::vector<ir::ValueId> operands;
  for (size_t i = 0; i < c.input_count(); ++i) operands.push_back(c.input(i));
  if (c.failed()) return;
  auto body = decomposition(c, options->decomposition_subgraph_index());
  if (!body || !fits(c, *body, operands)) return;
  std::vector<const ir::Value*> values;
  for (ir::ValueId v : operands) values.push_back(&c.value(v));
  Span<const uint8_t> attributes;
  if (options->composite_attributes() != nullptr)
    attributes = {options->composite_attributes()->data(), options->composite_attributes()->size()};
  auto whole = whole_operator(text_of(options->name()), attributes, *body, values);
  std::vector<ir::ValueId> outputs = spliced(c, whole ? *whole : *body, operands);
  for (size_t i = 0; i < outputs.size(); ++i) {
    int32_t tensor = c.output_tensor(i);
    if (tensor < 0 || static_cast<uint32_t>(tensor) >= c.importer().tensor_count() ||
        c.importer().is_defined(tensor))
      return c.error("output " + std::to_string(i) + " is invalid", "the file is damaged");
    c.importer().define(tensor, outputs[i]);
  }
}

}  // namespace mote::tflite_import
