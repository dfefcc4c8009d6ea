#include "quantize/inline_derives.h"

#include <map>

#include "ir/op_view.h"

namespace mote {
namespace {

class Inliner {
 public:
  Inliner(ir::Graph& graph, const std::vector<ir::Graph>& derives)
      : graph_(graph), derives_(derives), copies_(derives.size()) {
    for (size_t v = 0; v < graph.values.size(); ++v)
      if (graph.values[v].kind == TensorKind::state)
        states_.emplace(graph.values[v].name, static_cast<ir::ValueId>(v));
  }

  void run() {
    std::vector<ir::Node> rest;
    std::map<ir::ValueId, ir::ValueId> replaced;
    for (const ir::Node& node : graph_.nodes) {
      ir::ValueId value = node.op == op_code::read_state ? computed(node) : ir::kNone;
      if (value == ir::kNone)
        rest.push_back(node);
      else
        replaced[node.outputs[0]] = value;
    }
    for (ir::Node& node : rest) {
      for (ir::ValueId& v : node.inputs)
        if (auto it = replaced.find(v); it != replaced.end()) v = it->second;
    }
    nodes_.insert(nodes_.end(), rest.begin(), rest.end());
    graph_.nodes = std::move(nodes_);
  }

 private:
  // What the derive graph of the state that `node` reads computes for it; kNone when there is none.
  ir::ValueId computed(const ir::Node& node) {
    const std::string& name = graph_.value(node.inputs[0]).name;
    for (size_t d = 0; d < derives_.size(); ++d) {
      for (const ir::Node& write : derives_[d].nodes) {
        if (write.op != op_code::assign_state) continue;
        if (derives_[d].value(write.inputs[0]).name != name) continue;
        copy(d);
        return copies_[d][static_cast<size_t>(write.inputs[1])];
      }
    }
    return ir::kNone;
  }

  void copy(size_t d) {
    if (!copies_[d].empty()) return;
    const ir::Graph& derive = derives_[d];
    for (const ir::Value& v : derive.values) copies_[d].push_back(copy_value(v));
    for (ir::Node node : derive.nodes) {
      if (node.op == op_code::assign_state) continue;
      for (ir::ValueId& v : node.inputs)
        if (v != ir::kNone) v = copies_[d][static_cast<size_t>(v)];
      for (ir::ValueId& v : node.outputs) v = copies_[d][static_cast<size_t>(v)];
      nodes_.push_back(std::move(node));
    }
  }

  ir::ValueId copy_value(const ir::Value& v) {
    if (v.kind != TensorKind::state) return graph_.add_value(v);
    auto [it, inserted] = states_.emplace(v.name, ir::kNone);
    if (inserted) it->second = graph_.add_value(v);
    return it->second;
  }

  ir::Graph& graph_;
  const std::vector<ir::Graph>& derives_;
  std::vector<std::vector<ir::ValueId>> copies_;  // derive graph, value -> value of graph_
  std::map<std::string, ir::ValueId> states_;
  std::vector<ir::Node> nodes_;
};

}  // namespace

void inline_derives(ir::Graph& graph, const std::vector<ir::Graph>& derives) {
  Inliner(graph, derives).run();
}

}  // namespace mote
