#include "base/checked.h"
#include "ir/evaluator.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace mote {
namespace {

// A folded constant may take this much more than its operands: a broadcast or a padding of
// constants is cheaper to run than to store.
constexpr int64_t kGrowth = 8, kAllowance = 64 << 10;
// What all of them may take: several times the weights of any model that fits a device.
constexpr int64_t kTotal = int64_t{1} << 30;

bool is_foldable(const ir::Graph& graph, const ir::Node& node, const std::vector<bool>& is_output) {
  if (node.inputs.empty() || node.outputs.size() != 1) return false;
  int64_t bytes = kAllowance;
  for (ir::ValueId v : node.inputs) {
    if (v == ir::kNone) continue;
    const ir::Value& x = graph.value(v);
    if (x.kind != TensorKind::constant) return false;
    bytes += kGrowth * static_cast<int64_t>(x.data->size());
  }
  // Ports are activations.
  if (is_output[static_cast<size_t>(node.outputs[0])]) return false;
  const ir::Value& y = graph.value(node.outputs[0]);
  int64_t needed = max_bytes_of(y.shape, y.type);
  return y.shape.is_static() && needed >= 0 && needed <= bytes;
}

}  // namespace

void fold_constants(ir::Graph& graph, Diagnostics&) {
  std::vector<bool> is_output(graph.values.size(), false), dropped(graph.nodes.size(), false);
  for (const ir::Port& p : graph.outputs) is_output[static_cast<size_t>(p.value)] = true;
  int64_t left = kTotal;
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    const ir::Node& node = graph.nodes[n];
    if (!is_foldable(graph, node, is_output)) continue;
    const ir::Value& result_value = graph.value(node.outputs[0]);
    left -= max_bytes_of(result_value.shape, result_value.type);
    if (left < 0) return drop_nodes(graph, dropped);
    // A node that cannot be computed now (an index out of range) fails at run as it would have.
    Diagnostics ignored;
    std::vector<Evaluated> result = evaluate_node(graph, node, ignored);
    if (result.size() != 1) continue;
    ir::Value& y = graph.value(node.outputs[0]);
    y.kind = TensorKind::constant;
    y.data = std::make_shared<const ir::Bytes>(std::move(result[0].bytes));
    dropped[n] = true;
  }
  drop_nodes(graph, dropped);
}

}  // namespace mote
