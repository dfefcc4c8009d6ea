#include "grad/parameters.h"

#include <set>

#include "ops/op_codes.h"

namespace mote {
namespace {

// Operands of batch_norm.
constexpr size_t kScale = 1, kBias = 2, kMean = 3, kVariance = 4;

ir::Node read_node(ir::ValueId state, ir::ValueId value) {
  ir::Node node;
  node.op = op_code::read_state;
  node.inputs = {state};
  node.outputs = {value};
  return node;
}

void mark(ir::Graph& graph, const ir::Node& node, size_t input) {
  if (input >= node.inputs.size() || node.inputs[input] == ir::kNone) return;
  ir::Value& v = graph.value(node.inputs[input]);
  if (v.kind == TensorKind::constant && v.type == Type::float32) v.trainable = true;
}

// Constants that are to be states.
std::vector<bool> find_changing(const ir::Graph& graph) {
  std::vector<bool> changing(graph.values.size(), false);
  for (size_t v = 0; v < graph.values.size(); ++v) changing[v] = graph.values[v].trainable;
  for (const ir::Node& node : graph.nodes)
    if (is_trained_batch_norm(graph, node, {}))
      for (size_t i : {kMean, kVariance}) changing[static_cast<size_t>(node.inputs[i])] = true;
  for (size_t v = 0; v < graph.values.size(); ++v)
    if (graph.values[v].kind != TensorKind::constant) changing[v] = false;
  return changing;
}

// A name of which those of its training states are free as well.
std::string unique_name(const std::string& wanted, std::set<std::string>* taken) {
  const std::string name = wanted.empty() ? "parameter" : wanted;
  for (int i = 0;; ++i) {
    const std::string candidate = i == 0 ? name : name + "_" + std::to_string(i);
    std::vector<std::string> all = training_state_names(candidate);
    all.push_back(candidate);
    bool is_free = true;
    for (const std::string& n : all) is_free = is_free && taken->count(n) == 0;
    if (!is_free) continue;
    taken->insert(all.begin(), all.end());
    return candidate;
  }
}

}  // namespace

StateRead add_state(ir::Graph& graph, ir::Value state) {
  ir::Value value = state;
  value.name += "/value";
  value.kind = TensorKind::activation;
  value.data = nullptr;
  value.trainable = false;
  state.kind = TensorKind::state;
  state.trainable = false;
  StateRead read{graph.add_value(std::move(state)), graph.add_value(std::move(value))};
  graph.nodes.insert(graph.nodes.begin(), read_node(read.state, read.value));
  return read;
}

StateRead find_read(const ir::Graph& graph, ir::ValueId value) {
  for (const ir::Node& node : graph.nodes)
    if (node.op == op_code::read_state && node.outputs[0] == value) return {node.inputs[0], value};
  return {ir::kNone, value};
}

std::vector<std::string> training_state_names() { return {"step", "random_seed"}; }

std::vector<std::string> training_state_names(const std::string& name) {
  return {name + "/velocity", name + "/m", name + "/v"};
}

void mark_parameters(ir::Graph& graph) {
  for (const ir::Node& node : graph.nodes) {
    switch (node.op) {
      case op_code::conv2d:
      case op_code::depthwise_conv2d:
      case op_code::transpose_conv2d:
      case op_code::fully_connected:
      case op_code::batch_norm:
        mark(graph, node, 1);
        mark(graph, node, 2);
        break;
      default:
        break;
    }
  }
}

bool is_trained_batch_norm(const ir::Graph& graph, const ir::Node& node,
                           const std::vector<StateRead>& parameters) {
  if (node.op != op_code::batch_norm) return false;
  for (size_t i : {kScale, kBias}) {
    if (graph.value(node.inputs[i]).trainable) return true;
    for (const StateRead& p : parameters)
      if (p.value == node.inputs[i]) return true;
  }
  return false;
}

std::vector<StateRead> parameters_to_states(ir::Graph& graph) {
  const std::vector<std::string> reserved = training_state_names();
  std::set<std::string> taken(reserved.begin(), reserved.end());
  for (const ir::Value& v : graph.values)
    if (v.kind == TensorKind::state) taken.insert(v.name);
  std::vector<StateRead> parameters;
  std::vector<ir::Node> reads;
  const std::vector<bool> changing = find_changing(graph);
  for (size_t i = 0; i < changing.size(); ++i) {
    auto id = static_cast<ir::ValueId>(i);
    if (!changing[i]) continue;
    const bool trainable = graph.values[i].trainable;
    // The constant's place is taken by the value that is read.
    ir::Value state = graph.values[i];
    state.name = unique_name(state.name, &taken);
    state.kind = TensorKind::state;
    state.trainable = false;
    ir::Value& value = graph.values[i];
    value.name = state.name + "/value";
    value.kind = TensorKind::activation;
    value.data = nullptr;
    value.trainable = false;
    ir::ValueId s = graph.add_value(std::move(state));
    reads.push_back(read_node(s, id));
    if (trainable) parameters.push_back({s, id});
  }
  graph.nodes.insert(graph.nodes.begin(), reads.begin(), reads.end());
  return parameters;
}

}  // namespace mote
