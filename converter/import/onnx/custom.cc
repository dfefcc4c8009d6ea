// Operators that the caller imports.
#include "import/custom/custom_call.h"
#include "import/onnx/graph_importer.h"
#include "import/onnx/node_import.h"
#include "ir/called_graphs.h"

namespace mote::onnx_import {
namespace {

using onnx::AttributeProto;

std::optional<CustomAttribute> attribute_of(const AttributeProto& a) {
  switch (a.type()) {
    case AttributeProto::INT:
      return CustomAttribute(int64_t{a.i()});
    case AttributeProto::FLOAT:
      return CustomAttribute(static_cast<double>(a.f()));
    case AttributeProto::STRING:
      return CustomAttribute(a.s());
    case AttributeProto::INTS:
      return CustomAttribute(std::vector<int64_t>(a.ints().begin(), a.ints().end()));
    case AttributeProto::FLOATS:
      return CustomAttribute(std::vector<double>(a.floats().begin(), a.floats().end()));
    default:
      return std::nullopt;
  }
}

std::map<std::string, CustomAttribute> attributes_of(const NodeSource& node) {
  std::map<std::string, CustomAttribute> out;
  for (const AttributeProto& named : node.proto.attribute()) {
    const AttributeProto* a = find_attribute(node, named.name());
    std::optional<CustomAttribute> value = a == nullptr ? std::nullopt : attribute_of(*a);
    if (value) out.emplace(named.name(), std::move(*value));
  }
  return out;
}

}  // namespace

void import_registered(NodeImport& c, const CustomImporter& importer) {
  CustomCall call;
  call.name = importer.name;
  call.where = c.where();
  call.attributes = attributes_of(c.node());
  call.output_count = c.output_count();
  call.tensor_attribute = [&c](const std::string& name) -> std::optional<ir::Value> {
    if (!c.has_attr(name.c_str())) return std::nullopt;
    const ir::ValueId v = c.attr_tensor(name.c_str());
    return v == ir::kNone ? std::nullopt : std::optional(c.value(v));
  };
  std::vector<ir::ValueId> operands;
  std::vector<ir::Value> copies(c.input_count());
  for (size_t i = 0; i < c.input_count(); ++i) {
    // An operand without elements is an error, one that is left out none.
    const bool given = c.has(i) || c.is_empty(i);
    const ir::ValueId v = given ? c.input(i) : ir::kNone;
    if (c.failed()) return;
    call.operands.push_back(v == ir::kNone ? nullptr : &(copies[i] = c.value(v)));
    if (v != ir::kNone) operands.push_back(v);
  }
  Diagnostics diagnostics;
  std::optional<ir::Graph> body = import_custom(importer, call, diagnostics);
  for (const Diagnostic& d : diagnostics.list())
    c.importer().source().error(d.where, d.what, d.remedy);
  if (!body || c.failed()) return;
  for (ir::Value& v : body->values) v.name = c.build().unique_name(v.name);
  std::vector<ir::ValueId> outputs = ir::inline_graph(c.importer().graph(), *body, operands);
  for (size_t i = 0; i < outputs.size(); ++i)
    if (c.has_output(i)) c.define(i, outputs[i]);
}

}  // namespace mote::onnx_import
