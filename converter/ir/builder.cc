#include "ir/builder.h"

#include <algorithm>
#include <set>

#include "base/checked.h"
#include "ir/called_graphs.h"
#include "ir/evaluator.h"
#include "ir/op_view.h"
#include "ir/stored_scales.h"

namespace mote {
namespace {

// After an error a value may be missing: a scalar then, and the graph is of no use.
const ir::Value& value_of(const ir::Graph& graph, ir::ValueId v) {
  static const ir::Value kMissing;
  return v == ir::kNone ? kMissing : graph.value(v);
}

// Without proportion to the file's own constants, folding may take this much and no more: a few
// doublings of a small constant would else fill the memory.
constexpr int64_t kFoldBytes = int64_t{1} << 30, kFreeFoldBytes = int64_t{64} << 20, kFoldShare = 8;

// What the constants of a graph take, those of equal data once.
int64_t constant_bytes(const ir::Graph& graph) {
  std::set<const ir::Bytes*> seen;
  int64_t bytes = 0;
  for (const ir::Value& v : graph.values)
    if (v.kind == TensorKind::constant && v.data != nullptr && seen.insert(v.data.get()).second)
      bytes += static_cast<int64_t>(v.data->size());
  return bytes;
}

// `spent`: what folding made so far, which is among the constants now.
bool may_fold(const ir::Graph& graph, int64_t spent, int64_t needed) {
  if (spent + needed <= kFreeFoldBytes) return true;
  const int64_t own = constant_bytes(graph) - spent;
  return own > 0 && spent + needed - kFreeFoldBytes <= kFoldShare * own;
}

}  // namespace

Builder::Builder(ir::Graph& graph, Diagnostics& diagnostics)
    : graph_(graph), diagnostics_(diagnostics) {
  for (const ir::Value& v : graph.values) names_.insert(v.name);
}

std::string Builder::unique_name(const std::string& name) {
  if (names_.insert(name).second) return name;
  auto numbered = [&](int i) { return name + "_" + std::to_string(i); };
  // Numbers are given in order, so the first free one lies in a gap that bisection finds: one after
  // the other, the names of many operators in one place would take quadratic time.
  int taken = 0, free = 1;
  while (names_.count(numbered(free)) != 0) {
    taken = free;
    free *= 2;
  }
  while (free - taken > 1) {
    const int middle = taken + (free - taken) / 2;
    (names_.count(numbered(middle)) != 0 ? taken : free) = middle;
  }
  return *names_.insert(numbered(free)).first;
}

std::vector<ir::ValueId> Builder::nodes(uint16_t op, ir::Bytes attributes,
                                        std::vector<ValueId> inputs,
                                        const std::vector<Type>& types) {
  const Operator* row = ir::find_operator(op);
  ir::Node node;
  node.op = op;
  node.attributes = std::move(attributes);
  node.inputs = std::move(inputs);
  node.location = scope_;
  const std::string name =
      (scope_.empty() ? "" : scope_ + "/") + (row == nullptr ? "operator" : row->name);
  for (Type type : types) {
    ir::Value v;
    v.name = unique_name(name);
    v.type = type;
    node.outputs.push_back(graph_.add_value(std::move(v)));
  }
  if (!failed_) {
    Status s = ir::infer_node(graph_, node);
    failed_ = !s.ok();
    if (failed_) diagnostics_.add(name, ir::describe_status(s));
  }
  std::vector<ValueId> outputs = node.outputs;
  const bool folded = folding_ && !failed_ && fold(node, *row);
  if (folded)
    ir::carry_stored_scales(graph_, node);
  else
    graph_.nodes.push_back(std::move(node));
  return outputs;
}

std::vector<ir::ValueId> Builder::calls(uint16_t op, int32_t max_steps, std::vector<ValueId> inputs,
                                        std::vector<ir::Graph> graphs) {
  ir::Node node;
  node.op = op;
  node.set_attrs(ControlAttrs{max_steps});
  node.inputs = std::move(inputs);
  node.graphs = std::move(graphs);
  node.location = scope_;
  const ir::Graph& last = node.graphs.back();
  for (const ir::Port& port : last.outputs) {
    ir::Value v = last.value(port.value);
    v.name = unique_name(scope_ + "/result");
    node.outputs.push_back(graph_.add_value(std::move(v)));
  }
  Status s = failed_ ? Status{} : ir::infer_node(graph_, node);
  if (!s.ok()) {
    failed_ = true;
    diagnostics_.add(scope_, ir::describe_status(s));
  }
  std::vector<ValueId> outputs = node.outputs;
  graph_.nodes.push_back(std::move(node));
  return outputs;
}

// A node that cannot be computed now (an index out of range) fails at run as it would have.
bool Builder::fold(const ir::Node& node, const Operator& row) {
  constexpr int64_t kGrowth = 8, kAllowance = 64 << 10;
  if (ir::has_loop(node)) return false;
  int64_t allowed = kAllowance, needed = 0;
  for (ValueId v : node.inputs) {
    if (v == ir::kNone) continue;
    if (graph_.value(v).kind != TensorKind::constant) return false;
    allowed += kGrowth * static_cast<int64_t>(graph_.value(v).data->size());
  }
  for (ValueId v : node.outputs) {
    const ir::Value& y = graph_.value(v);
    int64_t bytes = max_bytes_of(y.shape, y.type);
    if (!y.shape.is_static() || bytes < 0 || !checked_add(needed, bytes, &needed)) return false;
  }
  if (node.inputs.empty() || needed > allowed || needed > fold_bytes_left_) return false;
  int64_t work = needed;
  if (row.work != nullptr) work = std::max(work, row.work(ir::NodeView(graph_, node).view()));
  if (work > fold_work_left_ || !may_fold(graph_, kFoldBytes - fold_bytes_left_, needed))
    return false;
  fold_work_left_ -= work;
  fold_bytes_left_ -= needed;
  Diagnostics ignored;
  std::vector<Evaluated> result = evaluate_node(graph_, node, ignored);
  if (result.size() != node.outputs.size()) return false;
  for (size_t i = 0; i < result.size(); ++i) {
    ir::Value& y = graph_.value(node.outputs[i]);
    y.kind = TensorKind::constant;
    y.data = std::make_shared<const ir::Bytes>(std::move(result[i].bytes));
  }
  return true;
}

ir::ValueId Builder::constant(const ShapeBounds& shape, float value) {
  auto count = static_cast<size_t>(shape.max().elements());
  return graph_.add_constant(unique_name(scope_ + "/constant"), Type::float32, shape,
                             std::vector<float>(count, value));
}

ir::ValueId Builder::scale(ValueId x, float factor) {
  // Of rank 0, so that a product of rank 0 stays one.
  return factor == 1 ? x : mul(x, constant({}, factor));
}

ir::ValueId Builder::activation_grad(ValueId dy, ValueId y, int32_t kind) {
  return node(op_code::activation_grad, ActivationAttrs{.kind = kind}, {dy, y});
}

ir::ValueId Builder::matmul(ValueId a, ValueId b, bool transpose_a, bool transpose_b) {
  return node(op_code::batch_matmul, BatchMatmulAttrs{transpose_a, transpose_b}, {a, b});
}

std::vector<int32_t> Builder::dims(ValueId v) const {
  const ShapeBounds& s = value_of(graph_, v).shape;
  std::vector<int32_t> out;
  for (int i = 0; i < s.rank; ++i) out.push_back(s.dims[i].max);
  return out;
}

ir::ValueId Builder::reshape(ValueId x, const std::vector<int32_t>& shape) {
  if (dims(x) == shape) return x;
  ReshapeAttrs a{};
  for (int32_t d : shape) a.shape[a.count++] = d;
  return node(op_code::reshape, a, {x}, value_of(graph_, x).type);
}

ir::ValueId Builder::reshape_like(ValueId x, ValueId like) { return reshape(x, dims(like)); }

ir::ValueId Builder::broadcast_like(ValueId x, ValueId like) {
  if (dims(x) == dims(like)) return x;
  return node(op_code::broadcast_to, {x, like}, value_of(graph_, x).type);
}

ir::ValueId Builder::transpose(ValueId x, const std::vector<int32_t>& permutation) {
  TransposeAttrs a{};
  for (int32_t p : permutation) a.permutation[a.count++] = p;
  return node(op_code::transpose, a, {x}, value_of(graph_, x).type);
}

ir::ValueId Builder::sum(ValueId x, const std::vector<int32_t>& axes, bool keep_dims) {
  if (axes.empty()) return x;
  ReduceAttrs a{};
  a.kind = kMoteReduceSum;
  for (int32_t axis : axes) a.axes[a.axis_count++] = axis;
  a.keep_dims = keep_dims;
  return node(op_code::reduce, a, {x}, value_of(graph_, x).type);
}

ir::ValueId Builder::sum_to_channels(ValueId x) {
  std::vector<int32_t> axes;
  for (int32_t i = 0; i + 1 < shape(x).rank; ++i) axes.push_back(i);
  return sum(x, axes, false);
}

ir::ValueId Builder::sum_to(ValueId x, ValueId like) {
  const std::vector<int32_t> from = dims(x), to = dims(like);
  if (from == to) return x;
  size_t extra = from.size() - to.size();
  std::vector<int32_t> axes;
  for (size_t i = 0; i < from.size(); ++i)
    if (i < extra || (to[i - extra] == 1 && from[i] != 1)) axes.push_back(static_cast<int32_t>(i));
  return reshape(sum(x, axes, true), to);
}

ir::ValueId Builder::slice(ValueId x, const std::vector<int32_t>& begin,
                           const std::vector<int32_t>& size) {
  if (dims(x) == size) return x;
  StridedSliceAttrs a{};
  for (size_t i = 0; i < begin.size(); ++i) {
    a.begin[i] = begin[i];
    a.end[i] = begin[i] + size[i];
    a.strides[i] = 1;
  }
  a.count = static_cast<int32_t>(begin.size());
  return node(op_code::strided_slice, a, {x}, value_of(graph_, x).type);
}

ir::ValueId Builder::pad(ValueId x, const std::vector<int32_t>& before,
                         const std::vector<int32_t>& after) {
  PadAttrs a{};
  int32_t border = 0;
  for (size_t i = 0; i < before.size(); ++i) {
    a.before[i] = before[i];
    a.after[i] = after[i];
    border |= before[i] | after[i];
  }
  a.count = static_cast<int32_t>(before.size());
  return border == 0 ? x : node(op_code::pad, a, {x}, value_of(graph_, x).type);
}

ir::ValueId Builder::reverse(ValueId x, const std::vector<bool>& axes) {
  StridedSliceAttrs a{};
  uint32_t all = (1u << axes.size()) - 1;
  a.count = static_cast<int32_t>(axes.size());
  bool any = false;
  for (size_t i = 0; i < axes.size(); ++i) {
    a.strides[i] = axes[i] ? -1 : 1;
    any = any || axes[i];
  }
  a.begin_mask = a.end_mask = all;
  return any ? node(op_code::strided_slice, a, {x}, value_of(graph_, x).type) : x;
}

}  // namespace mote
