// IF and WHILE: subgraphs that operators call. (CALL_ONCE is in state.cc.)
#include "import/tflite/op_import.h"
#include "ir/called_graphs.h"

namespace mote::tflite_import {
namespace {

// As in Limits: the loader would refuse more.
constexpr uint32_t kMaxDepth = 16;

std::vector<ir::ValueId> operands(OpImport& c, size_t first) {
  std::vector<ir::ValueId> values;
  for (size_t i = first; i < c.input_count(); ++i) values.push_back(c.input(i));
  return values;
}

std::vector<ir::ValueId> results(OpImport& c) {
  std::vector<ir::ValueId> values;
  for (size_t i = 0; i < c.output_count(); ++i) values.push_back(c.output(i));
  if (values.empty()) c.error("the operator has no outputs", "export the model again");
  return values;
}

// Empty and failed() when the subgraph cannot be imported.
ir::Graph called_graph(OpImport& c, int32_t index, const std::vector<ir::ValueId>& operands) {
  Source& source = c.importer().source();
  if (index < 0 || static_cast<uint32_t>(index) >= size_of(source.model().subgraphs())) {
    c.error("subgraph " + std::to_string(index) + " does not exist",
            "the file is damaged; export the model again");
    return {};
  }
  if (source.call_depth >= kMaxDepth) {
    c.error("subgraphs call each other more than 16 deep, or themselves");
    return {};
  }
  std::vector<ir::Value> passed;
  for (ir::ValueId v : operands) passed.push_back(c.value(v));
  uint32_t errors = source.errors();
  ++source.call_depth;
  ir::Graph graph = GraphImporter(source, static_cast<uint32_t>(index))
                        .run_called("subgraph " + std::to_string(index), passed);
  --source.call_depth;
  if (source.errors() != errors) c.fail_silently();
  return graph;
}

void emit(OpImport& c, uint16_t op, int32_t max_steps, std::vector<ir::ValueId> inputs,
          std::vector<ir::Graph> graphs) {
  std::vector<ir::ValueId> outputs = results(c);
  if (c.failed()) return;
  c.emit_calls(op, ControlAttrs{max_steps}, std::move(inputs), std::move(outputs),
               std::move(graphs));
}

// The condition is known: what is called stands in its place.
void emit_branch(OpImport& c, const ir::Graph& branch, const std::vector<ir::ValueId>& inputs) {
  if (branch.outputs.size() != c.output_count())
    return c.error("the branch has another number of outputs", "export the model again");
  std::vector<ir::ValueId> values = ir::inline_graph(c.graph(), branch, inputs);
  for (size_t i = 0; i < values.size(); ++i) {
    int32_t t = c.output_tensor(i);
    if (t < 0 || static_cast<uint32_t>(t) >= c.importer().tensor_count() ||
        c.importer().is_defined(t))
      return c.error("output " + std::to_string(i) + " is missing or written twice");
    c.importer().define(t, values[i]);
  }
}

}  // namespace

void import_if(OpImport& c) {
  const auto* options = c.required_options<tfl::IfOptions>();
  ir::ValueId condition = c.input(0);
  std::vector<ir::ValueId> inputs = operands(c, 1);
  if (c.failed()) return;
  int32_t branches[] = {options->then_subgraph_index(), options->else_subgraph_index()};
  const ir::Value& known = c.value(condition);
  if (known.kind == TensorKind::constant && known.type == Type::boolean &&
      known.data->size() == 1) {
    ir::Graph branch = called_graph(c, branches[known.as<uint8_t>()[0] != 0 ? 0 : 1], inputs);
    if (!c.failed()) emit_branch(c, branch, inputs);
    return;
  }
  std::vector<ir::Graph> graphs;
  for (int32_t branch : branches) graphs.push_back(called_graph(c, branch, inputs));
  inputs.insert(inputs.begin(), condition);
  if (!c.failed()) emit(c, op_code::if_else, 0, std::move(inputs), std::move(graphs));
}

void import_while(OpImport& c) {
  const auto* options = c.required_options<tfl::WhileOptions>();
  std::vector<ir::ValueId> inputs = operands(c, 0);
  if (c.failed()) return;
  std::vector<ir::Graph> graphs;
  for (int32_t index : {options->cond_subgraph_index(), options->body_subgraph_index()})
    graphs.push_back(called_graph(c, index, inputs));
  int32_t max_steps = c.importer().source().options().max_loop_steps;
  if (!c.failed()) emit(c, op_code::while_loop, max_steps, std::move(inputs), std::move(graphs));
}

}  // namespace mote::tflite_import
