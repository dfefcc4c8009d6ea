#include <algorithm>
#include <cstdlib>
#include <map>

#include "ir/op_view.h"
#include "passes/passes.h"

namespace mote {
namespace {

bool is_accumulating(uint16_t op) {
  return op == op_code::conv2d || op == op_code::depthwise_conv2d || op == op_code::fully_connected;
}

// Sum of |w - z| per output channel: the last dimension of depthwise weights, else the first.
std::vector<int64_t> weight_sums(const ir::Value& w, bool channels_last) {
  const int8_t* data = w.as<int8_t>();
  size_t count = w.data->size();
  Dim channels = channels_last ? w.shape.dims[w.shape.rank - 1] : w.shape.dims[0];
  std::vector<int64_t> sums(static_cast<size_t>(channels.max), 0);
  size_t inner = count / sums.size();
  bool one_zero_point = w.quantization.zero_points.size() == 1;
  int64_t z = one_zero_point ? w.quantization.zero_points[0] : 0;
  for (size_t i = 0; i < count; ++i)
    sums[channels_last ? i % sums.size() : i / inner] += std::abs(data[i] - z);
  return sums;
}

// Operators may share weights.
using SumCache = std::map<std::pair<ir::ValueId, bool>, std::vector<int64_t>>;

// The bound of NUMERICS.md, 3.1: no accumulator leaves int32.
Status check_accumulators(const ir::Graph& graph, const ir::Node& node, SumCache* cache) {
  const ir::Value &x = graph.value(node.inputs[0]), &w = graph.value(node.inputs[1]);
  if (x.type != Type::int8 || w.kind != TensorKind::constant || w.type != Type::int8) return {};
  bool has_bias = node.inputs.size() > 2 && node.inputs[2] != ir::kNone;
  const ir::Value* bias = has_bias ? &graph.value(node.inputs[2]) : nullptr;
  bool known_bias = has_bias && bias->kind == TensorKind::constant && bias->type == Type::int32;
  int64_t z = x.quantization.zero_points[0];
  int64_t largest = std::max(std::abs(-128 - z), std::abs(127 - z));
  bool channels_last = node.op == op_code::depthwise_conv2d;
  std::vector<int64_t>& sums = (*cache)[{node.inputs[1], channels_last}];
  if (sums.empty()) sums = weight_sums(w, channels_last);
  for (size_t o = 0; o < sums.size(); ++o) {
    int64_t worst = largest * sums[o];
    if (known_bias && o < bias->data->size() / sizeof(int32_t))
      worst += std::abs(int64_t{bias->as<int32_t>()[o]});
    if (worst > INT32_MAX) return error(Code::accumulator_overflow, INT32_MAX, worst);
  }
  return {};
}

Status check_node(const ir::Graph& graph, const ir::Node& node, SumCache* cache) {
  ir::NodeView view(graph, node);
  MOTE_TRY(view.check());
  const Operator& op = *view.view().op;
  bool accepted = std::any_of(op.kernels.begin(), op.kernels.end(),
                              [&](const Kernel& k) { return k.accepts(view.view()); });
  if (!accepted) return error(Code::no_kernel);
  return is_accumulating(node.op) ? check_accumulators(graph, node, cache) : Status{};
}

}  // namespace

void legalize(ir::Graph& graph, Diagnostics& diagnostics) {
  SumCache cache;
  for (const ir::Node& node : graph.nodes) {
    Status s = check_node(graph, node, &cache);
    if (!s.ok())
      diagnostics.add(node.location, ir::describe_status(s),
                      "change the operator in the source model");
  }
}

}  // namespace mote
