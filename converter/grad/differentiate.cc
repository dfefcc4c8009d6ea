#include "grad/differentiate.h"

#include <algorithm>

#include "grad/rule.h"
#include "ir/op_view.h"

namespace mote {
namespace {

using ir::ValueId;

bool is_differentiable(const ir::Value& v) {
  return v.type == Type::float32 || v.quantization.quantized();
}

// Which values lie between the targets and the loss.
class Paths {
 public:
  Paths(const ir::Graph& graph, ValueId loss, const std::vector<ValueId>& targets)
      : graph_(graph), varies_(graph.values.size()), leads_(graph.values.size()) {
    for (ValueId t : targets) varies_[at(t)] = true;
    for (const ir::Node& node : graph.nodes) {
      bool any = false;
      for (size_t i = 0; i < node.inputs.size(); ++i) any = any || reads_varying(node, i);
      for (ValueId v : node.outputs)
        if (any && is_differentiable(graph.value(v))) varies_[at(v)] = true;
    }
    leads_[at(loss)] = true;
    for (size_t n = graph.nodes.size(); n-- > 0;) {
      const ir::Node& node = graph.nodes[n];
      if (!is_active(node)) continue;
      for (size_t i = 0; i < node.inputs.size(); ++i)
        if (reads_varying(node, i)) leads_[at(node.inputs[i])] = true;
    }
  }

  // Input i has elements that a target changes, and the node reads them.
  bool reads_varying(const ir::Node& node, size_t i) const {
    ValueId v = node.inputs[i];
    if (v == ir::kNone || !varies_[at(v)]) return false;
    const Operator* op = ir::find_operator(node.op);
    return op == nullptr || i >= 8 || (op->shape_inputs >> i & 1) == 0;
  }
  bool is_active(ValueId v) const { return varies_[at(v)] && leads_[at(v)]; }
  // What makes a target is not asked, only what a target changes.
  bool is_active(const ir::Node& node) const {
    bool reads = false;
    for (size_t i = 0; i < node.inputs.size(); ++i) reads = reads || reads_varying(node, i);
    return reads && std::any_of(node.outputs.begin(), node.outputs.end(),
                                [&](ValueId v) { return is_active(v); });
  }

  // Values whose way to the loss passes one of the nodes `missing`.
  std::vector<bool> behind(const std::vector<bool>& missing) const {
    std::vector<bool> result(graph_.values.size());
    for (size_t n = graph_.nodes.size(); n-- > 0;) {
      const ir::Node& node = graph_.nodes[n];
      if (!is_active(node)) continue;
      bool blocked = missing[n];
      for (ValueId v : node.outputs) blocked = blocked || (is_active(v) && result[at(v)]);
      for (size_t i = 0; blocked && i < node.inputs.size(); ++i)
        if (reads_varying(node, i)) result[at(node.inputs[i])] = true;
    }
    return result;
  }

 private:
  static size_t at(ValueId v) { return static_cast<size_t>(v); }

  const ir::Graph& graph_;
  std::vector<bool> varies_;  // depends on a target
  std::vector<bool> leads_;   // the loss depends on it, through values that vary
};

std::string place_of(const ir::Graph& graph, const ir::Node& node) {
  return node.location.empty() ? "tensor '" + graph.value(node.outputs[0]).name + "'"
                               : node.location;
}

// Why the node cannot be differentiated; empty: it can.
std::string obstacle(const ir::Graph& graph, const Paths& paths, const ir::Node& node) {
  const Gradient* gradient = find_gradient(node.op);
  if (gradient == nullptr) return "operator " + std::to_string(node.op) + " has no gradient";
  if (gradient->rule == nullptr)
    return std::string(gradient->name) + " has no gradient: " + gradient->reason;
  auto is_obstacle = [&](ValueId v) {
    const ir::Value& value = graph.value(v);
    return paths.is_active(v) && (!value.shape.is_static() ||
                                  (value.type != Type::float32 && !gradient->straight_through));
  };
  for (size_t i = 0; i < node.inputs.size(); ++i)
    if (paths.reads_varying(node, i) && is_obstacle(node.inputs[i]))
      return std::string(gradient->name) + " has a gradient for static shapes of float32 alone";
  for (ValueId v : node.outputs)
    if (is_obstacle(v))
      return std::string(gradient->name) + " has a gradient for static shapes of float32 alone";
  return {};
}

std::string remedy(const ir::Graph& graph, const std::vector<ValueId>& targets,
                   const std::vector<bool>& blocked) {
  std::string names;
  size_t count = 0;
  for (ValueId t : targets) {
    if (blocked[static_cast<size_t>(t)]) continue;
    names += (count++ == 0 ? "" : ", ") + graph.value(t).name;
  }
  if (count == 0) return "nothing can be trained without them";
  return "the largest part that can be trained are " + std::to_string(count) + " of " +
         std::to_string(targets.size()) + ": " + names;
}

bool check_gradients_exist(const ir::Graph& graph, const Paths& paths,
                           const std::vector<ValueId>& targets, Diagnostics& diagnostics) {
  std::vector<bool> missing(graph.nodes.size(), false);
  size_t count = 0;
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    const ir::Node& node = graph.nodes[n];
    if (!paths.is_active(node)) continue;
    std::string why = obstacle(graph, paths, node);
    if (why.empty()) continue;
    missing[n] = true;
    ++count;
    diagnostics.add(place_of(graph, node), why);
  }
  if (count == 0) return true;
  diagnostics.add("graph '" + graph.name + "'",
                  std::to_string(count) + " operators between parameters and loss have no gradient",
                  remedy(graph, targets, paths.behind(missing)));
  return false;
}

class ReversePass {
 public:
  ReversePass(ir::Graph& graph, const Paths& paths, Diagnostics& diagnostics)
      : builder_(graph, diagnostics),
        paths_(paths),
        diagnostics_(diagnostics),
        gradients_(graph.values.size(), ir::kNone) {}

  void run(ValueId loss) {
    builder_.set_scope("grad");
    gradient(loss) = builder_.constant(builder_.shape(loss), 1);
    for (size_t n = builder_.graph().nodes.size(); n-- > 0;) {
      const ir::Node& node = builder_.graph().nodes[n];
      if (paths_.is_active(node)) visit(node);
    }
  }
  ValueId gradient_of(ValueId v) const { return gradients_[static_cast<size_t>(v)]; }

 private:
  ValueId& gradient(ValueId v) { return gradients_[static_cast<size_t>(v)]; }

  void visit(const ir::Node& node) {
    GradientCall call(builder_, node);
    builder_.set_scope("grad/" + builder_.graph().value(node.outputs[0]).name);
    bool any = false;
    for (size_t i = 0; i < node.outputs.size(); ++i) {
      call.dy[i] = gradient(node.outputs[i]);
      any = any || call.dy[i] != ir::kNone;
    }
    for (size_t i = 0; i < node.inputs.size(); ++i) call.wanted[i] = paths_.reads_varying(node, i);
    if (!any) return;
    find_gradient(node.op)->rule(call);
    if (!call.failure.empty())
      diagnostics_.add(place_of(builder_.graph(), call.node), call.failure);
    for (size_t i = 0; i < call.dx.size(); ++i)
      if (call.wants(i) && call.dx[i] != ir::kNone) accumulate(call.in(i), call.dx[i]);
  }

  void accumulate(ValueId v, ValueId more) {
    ValueId& sum = gradient(v);
    sum = sum == ir::kNone ? more : builder_.add(sum, more);
  }

  Builder builder_;
  const Paths& paths_;
  Diagnostics& diagnostics_;
  std::vector<ValueId> gradients_;  // of the values that were there before
};

}  // namespace

std::vector<ValueId> differentiate(ir::Graph& graph, ValueId loss,
                                   const std::vector<ValueId>& targets, Diagnostics& diagnostics) {
  const ir::Graph original = graph;
  const Paths paths(original, loss, targets);
  if (!check_gradients_exist(original, paths, targets, diagnostics)) return {};
  size_t before = diagnostics.list().size();
  ReversePass pass(graph, paths, diagnostics);
  if (paths.is_active(loss)) pass.run(loss);
  if (diagnostics.list().size() != before) {
    graph = original;
    return {};
  }
  std::vector<ValueId> gradients;
  for (ValueId t : targets) gradients.push_back(pass.gradient_of(t));
  return gradients;
}

}  // namespace mote
