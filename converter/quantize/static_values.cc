#include "quantize/static_values.h"

#include <algorithm>
#include <cmath>

#include "base/checked.h"
#include "ir/evaluator.h"
#include "ir/op_view.h"

namespace mote {
namespace {

std::vector<float> floats_of(const ir::Bytes& bytes) {
  std::vector<float> out(bytes.size() / sizeof(float));
  if (!out.empty()) memcpy(out.data(), bytes.data(), out.size() * sizeof(float));
  return out;
}

bool writes_state(const ir::Node& node) {
  const Operator* op = ir::find_operator(node.op);
  return op == nullptr || (op->flags & kWritesState) != 0;
}

std::vector<bool> written_states(const ir::Graph& graph) {
  std::vector<bool> written(graph.values.size(), false);
  for (const ir::Node& node : graph.nodes) {
    if (!writes_state(node)) continue;
    for (ir::ValueId v : node.inputs)
      if (v != ir::kNone) written[static_cast<size_t>(v)] = true;
  }
  return written;
}

}  // namespace

StaticValues::StaticValues(const ir::Graph& graph, Diagnostics& diagnostics)
    : is_static_(graph.values.size(), false), floats_(graph.values.size()) {
  std::vector<bool> written = written_states(graph);
  for (size_t v = 0; v < graph.values.size(); ++v) {
    const ir::Value& value = graph.values[v];
    bool is_state = value.kind == TensorKind::state && !written[v];
    is_static_[v] = value.kind == TensorKind::constant || is_state;
    if (!is_static_[v] || value.type != Type::float32) continue;
    if (value.data != nullptr)
      floats_[v] = floats_of(*value.data);
    else
      floats_[v].assign(static_cast<size_t>(value.shape.max().elements()), 0.0f);
  }
  ir::Graph computed = graph;
  computed.inputs.clear();
  computed.outputs.clear();
  computed.nodes.clear();
  for (const ir::Node& node : graph.nodes) {
    if (!is_static_node(node)) continue;
    for (ir::ValueId v : node.outputs) is_static_[static_cast<size_t>(v)] = true;
    computed.nodes.push_back(node);
  }
  evaluate(computed, {}, diagnostics, Precision::as_is, [&](ir::ValueId v, const Evaluated& e) {
    if (graph.value(v).type == Type::float32) floats_[static_cast<size_t>(v)] = floats_of(e.bytes);
  });
}

bool StaticValues::is_static_node(const ir::Node& node) const {
  return !node.outputs.empty() && !writes_state(node) &&
         std::all_of(node.inputs.begin(), node.inputs.end(),
                     [&](ir::ValueId v) { return v == ir::kNone || contains(v); });
}

bool StaticValues::contains(const ir::Node& node) const {
  return !node.outputs.empty() && contains(node.outputs[0]);
}

Span<const float> StaticValues::floats(ir::ValueId v) const {
  const std::vector<float>& f = floats_[static_cast<size_t>(v)];
  return {f.data(), f.size()};
}

bool StaticValues::is_finite(ir::ValueId v) const {
  const std::vector<float>& f = floats_[static_cast<size_t>(v)];
  return std::all_of(f.begin(), f.end(), [](float x) { return std::isfinite(x); });
}

}  // namespace mote
