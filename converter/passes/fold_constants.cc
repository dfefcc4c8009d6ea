#include <algorithm>

#include "base/checked.h"
#include "ir/called_graphs.h"
#include "ir/evaluator.h"
#include "ir/op_view.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace mote {
namespace {

// A folded constant may take this much more than its operands: a broadcast or a padding of
// constants is cheaper to run than to store.
constexpr int64_t kGrowth = 8, kAllowance = 64 << 10;
// What all of them may take: several times the weights of any model that fits a device, and not
// out of proportion to the graph's own constants. And how many scalar operations: seconds.
constexpr int64_t kTotal = int64_t{1} << 30, kFree = int64_t{16} << 20, kShare = 2;
constexpr int64_t kWork = int64_t{1} << 32;

int64_t allowed_bytes(const ir::Graph& graph) {
  int64_t own = 0;
  for (const ir::Value& v : graph.values)
    if (v.kind == TensorKind::constant && v.data != nullptr)
      own += static_cast<int64_t>(v.data->size());
  return std::min(kTotal, kFree + kShare * own);
}

// What the results take; -1: one of them is dynamic, a port (ports are activations) or too large.
int64_t result_bytes(const ir::Graph& graph, const ir::Node& node,
                     const std::vector<bool>& is_output) {
  int64_t bytes = 0;
  for (ir::ValueId v : node.outputs) {
    const ir::Value& y = graph.value(v);
    int64_t needed = max_bytes_of(y.shape, y.type);
    if (is_output[static_cast<size_t>(v)] || !y.shape.is_static() || needed < 0) return -1;
    if (!checked_add(bytes, needed, &bytes)) return -1;
  }
  return bytes;
}

// -1: not to be folded; else what the results take.
int64_t foldable_bytes(const ir::Graph& graph, const ir::Node& node,
                       const std::vector<bool>& is_output) {
  if (node.inputs.empty() || node.outputs.empty()) return -1;
  // A loop may take longer than any conversion.
  if (ir::has_loop(node)) return -1;
  int64_t bytes = kAllowance;
  for (ir::ValueId v : node.inputs) {
    if (v == ir::kNone) continue;
    const ir::Value& x = graph.value(v);
    if (x.kind != TensorKind::constant) return -1;
    bytes += kGrowth * static_cast<int64_t>(x.data->size());
  }
  int64_t needed = result_bytes(graph, node, is_output);
  return needed <= bytes ? needed : -1;
}

int64_t work_of(const ir::Graph& graph, const ir::Node& node, int64_t bytes) {
  const Operator* op = ir::find_operator(node.op);
  if (op == nullptr || op->work == nullptr) return bytes;
  return std::max(bytes, op->work(ir::NodeView(graph, node).view()));
}

}  // namespace

void fold_constants(ir::Graph& graph, Diagnostics&) {
  std::vector<bool> is_output(graph.values.size(), false), dropped(graph.nodes.size(), false);
  for (const ir::Port& p : graph.outputs) is_output[static_cast<size_t>(p.value)] = true;
  int64_t left = allowed_bytes(graph), work_left = kWork;
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    const ir::Node& node = graph.nodes[n];
    int64_t needed = foldable_bytes(graph, node, is_output);
    if (needed < 0) continue;
    const int64_t work = work_of(graph, node, needed);
    if (needed > left || work > work_left) continue;
    left -= needed;
    work_left -= work;
    // A node that cannot be computed now (an index out of range) fails at run as it would have.
    Diagnostics ignored;
    std::vector<Evaluated> result = evaluate_node(graph, node, ignored);
    if (result.size() != node.outputs.size()) continue;
    for (size_t i = 0; i < result.size(); ++i) {
      ir::Value& y = graph.value(node.outputs[i]);
      y.kind = TensorKind::constant;
      y.data = std::make_shared<const ir::Bytes>(std::move(result[i].bytes));
    }
    dropped[n] = true;
  }
  drop_nodes(graph, dropped);
}

}  // namespace mote
