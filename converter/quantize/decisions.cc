#include "quantize/decisions.h"

#include <algorithm>

#include "ir/op_view.h"

namespace mote {
namespace {

class Decider {
 public:
  Decider(const ir::Graph& graph, const StaticValues& statics,
          const std::vector<ValueRange>& observed, bool trainable)
      : graph_(graph), statics_(statics), observed_(observed), trainable_(trainable) {}

  Decisions run() {
    std::vector<std::string> misfits(graph_.nodes.size());
    // Each turn but the last leaves one more operator in float32.
    for (;;) {
      Decisions d{choose_nodes(misfits), choose_scales()};
      size_t misfit = first_misfit(d, &misfits);
      if (misfit == graph_.nodes.size()) return d;
    }
  }

 private:
  Site site(size_t n) const { return {graph_, graph_.nodes[n], statics_, trainable_}; }

  const std::vector<Decision>& choose_nodes(const std::vector<std::string>& misfits) {
    nodes_.assign(graph_.nodes.size(), {});
    is_int8_.assign(graph_.values.size(), false);
    for (const ir::Port& port : graph_.inputs)
      is_int8_[static_cast<size_t>(port.value)] = graph_.value(port.value).type == Type::float32;
    for (size_t n = 0; n < nodes_.size(); ++n) {
      const ir::Node& node = graph_.nodes[n];
      if (statics_.contains(node) || !reads_or_writes_floats(node)) continue;
      nodes_[n] = misfits[n].empty() ? choose_node(n) : Decision{nullptr, misfits[n]};
      if (nodes_[n].row == nullptr) continue;
      for (ir::ValueId v : node.outputs) is_int8_[static_cast<size_t>(v)] = true;
    }
    return nodes_;
  }

  bool reads_or_writes_floats(const ir::Node& node) const {
    auto is_float = [&](ir::ValueId v) {
      return v != ir::kNone && graph_.value(v).type == Type::float32;
    };
    return std::any_of(node.inputs.begin(), node.inputs.end(), is_float) ||
           std::any_of(node.outputs.begin(), node.outputs.end(), is_float);
  }

  Decision choose_node(size_t n) const {
    const ir::Node& node = graph_.nodes[n];
    const QuantizeRow* row = find_quantize_row(node.op);
    if (row == nullptr) return {nullptr, "the quantizer does not know this operator"};
    if (row->reason != nullptr) return {nullptr, row->reason};
    if (node.inputs.empty() || graph_.value(node.inputs[0]).type != Type::float32)
      return {nullptr, "its operand is not float32"};
    if (row->follows && !follows_int8(node)) return {nullptr, "what it reads is float32"};
    std::string reason = row->refuse(site(n));
    return reason.empty() ? Decision{row, ""} : Decision{nullptr, reason};
  }

  // Some operand is int8 anyway, or there are constants alone (a table of embeddings).
  bool follows_int8(const ir::Node& node) const {
    bool any_activation = false, any_int8 = false;
    for (ir::ValueId v : node.inputs) {
      if (v == ir::kNone || statics_.contains(v) || graph_.value(v).type != Type::float32) continue;
      any_activation = true;
      any_int8 |= is_int8_[static_cast<size_t>(v)];
    }
    return any_int8 || !any_activation;
  }

  ScaleGroups choose_scales() const {
    ScaleGroups groups(observed_);
    for (const ir::Port& port : graph_.inputs) groups.source(port.value);
    for (size_t n = 0; n < nodes_.size(); ++n) {
      if (nodes_[n].row != nullptr) {
        nodes_[n].row->relate(site(n), groups);
        continue;
      }
      // Results of float operators are quantized where an int8 operator reads them.
      for (ir::ValueId v : graph_.nodes[n].outputs) groups.source(v);
    }
    groups.choose();
    raise_scales(groups);
    return groups;
  }

  // Scales only grow, by demands of finitely many operators; a cycle of demands is cut off and
  // ends as a misfit.
  void raise_scales(ScaleGroups& groups) const {
    bool changed = true;
    for (int turn = 0; changed && turn < 16; ++turn) {
      changed = false;
      for (size_t n = 0; n < nodes_.size(); ++n) {
        const QuantizeRow* row = nodes_[n].row;
        if (row == nullptr || row->least_scale == nullptr) continue;
        changed |= groups.raise(graph_.nodes[n].outputs[0], row->least_scale(site(n), groups));
      }
    }
  }

  size_t first_misfit(const Decisions& d, std::vector<std::string>* misfits) const {
    for (size_t n = 0; n < d.nodes.size(); ++n) {
      const QuantizeRow* row = d.nodes[n].row;
      if (row == nullptr || row->misfit == nullptr) continue;
      (*misfits)[n] = row->misfit(site(n), d.groups);
      if (!(*misfits)[n].empty()) return n;
    }
    return d.nodes.size();
  }

  const ir::Graph& graph_;
  const StaticValues& statics_;
  const std::vector<ValueRange>& observed_;
  bool trainable_;
  std::vector<Decision> nodes_;
  std::vector<bool> is_int8_;
};

}  // namespace

Decisions decide(const ir::Graph& graph, const StaticValues& statics,
                 const std::vector<ValueRange>& observed, bool trainable) {
  return Decider(graph, statics, observed, trainable).run();
}

}  // namespace mote
