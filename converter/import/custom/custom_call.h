// What stands behind CustomOperator: the operator of the source, and the graph that is made of it.
#pragma once

#include <functional>
#include <map>

#include "diagnostics.h"
#include "ir/graph.h"
#include "mote/custom_operator.h"

namespace mote {

// The operator in the source, as its importer gives it.
struct CustomCall {
  std::string name, where;
  std::vector<const ir::Value*> operands;  // null: absent
  size_t output_count = 0;
  std::vector<std::optional<CustomTensor>> declared;  // empty, or one per output
  std::map<std::string, CustomAttribute> attributes;
  std::function<std::optional<ir::Value>(const std::string&)> tensor_attribute;  // may be empty
  Span<const uint8_t> options;
};

// Null when nothing in the options imports operators of this name.
const CustomImporter* find_custom(const ConvertOptions& options, CustomImporter::Format format,
                                  const std::string& name);

// The graph that the importer makes of the operator: its inputs are the operands that are not
// absent, in order (constants also stand in it as such), its outputs those of the operator, each
// any of its values. Nothing, and diagnostics, when the importer fails.
std::optional<ir::Graph> import_custom(const CustomImporter& importer, const CustomCall& call,
                                       Diagnostics& diagnostics);

CustomTensor describe_custom(const ir::Value& value);

// ---- Of the implementation ----

// The operator's C struct, from attributes by the names of schema/mote.fbs; the text of the error
// when there is one.
std::string read_custom_attributes(uint16_t op, const CustomAttributes& attributes, ir::Bytes* out);

// The entry point of a model with inputs of the operands' shapes; nothing and diagnostics when it
// does not fit.
std::optional<ir::Graph> replacement_graph(Span<const uint8_t> model,
                                           const std::vector<const ir::Value*>& operands,
                                           size_t outputs, const std::string& where,
                                           Diagnostics& diagnostics);

struct CustomOperator::Impl {
  const CustomCall& call;
  Diagnostics& diagnostics;
  ir::Graph graph;
  std::vector<ir::ValueId> operands;  // by input
  std::vector<ir::ValueId> outputs;   // kNone: not set yet
  std::map<int32_t, CustomTensor> tensors = {};
  bool failed = false;
};

}  // namespace mote
