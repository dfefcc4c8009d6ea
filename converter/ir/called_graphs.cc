#include "ir/called_graphs.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "ir/op_view.h"
#include "ops/attributes.h"
#include "ops/control.h"

namespace mote::ir {
namespace {

// The ports of a graph as the core sees them.
class Ports {
 public:
  explicit Ports(const Graph& graph) : graph_(graph) {
    infos_.reserve(graph.inputs.size() + graph.outputs.size());
    add(graph.inputs, &inputs_);
    add(graph.outputs, &outputs_);
  }
  Ports(const Ports&) = delete;
  Ports& operator=(const Ports&) = delete;

  CalledGraph view() const {
    return {{inputs_.data(), inputs_.size()}, {outputs_.data(), outputs_.size()}};
  }

 private:
  void add(const std::vector<Port>& ports, std::vector<const TensorInfo*>* out) {
    for (const Port& port : ports) {
      infos_.push_back(info_of(graph_.value(port.value)));
      out->push_back(&infos_.back());
    }
  }

  const Graph& graph_;
  std::vector<TensorInfo> infos_;
  std::vector<const TensorInfo*> inputs_, outputs_;
};

// The same elements under another number.
ValueId add_copy(Graph& graph, ValueId v) {
  Value copy = graph.value(v);
  copy.kind = TensorKind::activation;
  copy.data = nullptr;
  copy.name += "/copy";
  Node node;
  node.op = op_code::reshape;
  ReshapeAttrs same{};  // a 0 keeps a dimension
  same.count = copy.shape.rank;
  node.set_attrs(same);
  node.inputs = {v};
  node.outputs = {graph.add_value(std::move(copy))};
  graph.nodes.push_back(std::move(node));
  return graph.nodes.back().outputs[0];
}

Status infer_graph(Graph& called, const Graph& graph, const ValueId* passed) {
  for (size_t i = 0; i < called.inputs.size(); ++i)
    called.value(called.inputs[i].value).shape = graph.value(passed[i]).shape;
  for (Node& node : called.nodes) MOTE_TRY(infer_node(called, node));
  return {};
}

Status check_ports(const OpView& view, const std::vector<Graph>& graphs) {
  if (graphs.size() == 1) {
    Ports only(graphs[0]);
    CalledGraph called[] = {only.view()};
    return check_called_graphs(view, called);
  }
  Ports first(graphs[0]), second(graphs[1]);
  CalledGraph called[] = {first.view(), second.view()};
  return check_called_graphs(view, called);
}

}  // namespace

Status infer_called(Graph& graph, Node& node) {
  const Operator* op = find_operator(node.op);
  size_t expected = op == nullptr ? 0 : op->graphs;
  if (node.graphs.size() != expected) {
    return error(Code::graph_count, static_cast<int64_t>(expected),
                 static_cast<int64_t>(node.graphs.size()));
  }
  if (expected == 0) return {};
  size_t first = 0;
  {
    NodeView view(graph, node);
    MOTE_TRY(view.check());
    first = first_passed_input(view.view());
  }
  for (size_t g = 0; g < expected; ++g) {
    Graph& called = node.graphs[g];
    if (called.inputs.size() != node.inputs.size() - first)
      return error(Code::call_ports, static_cast<int64_t>(g),
                   static_cast<int64_t>(node.inputs.size() - first));
    MOTE_TRY(infer_graph(called, graph, node.inputs.data() + first));
  }
  bool loop = node.op == op_code::while_loop;
  const std::vector<Port>& results = node.graphs[0].outputs;
  if (!loop && results.size() != node.outputs.size())
    return error(Code::call_ports, 0, static_cast<int64_t>(node.outputs.size()));
  for (size_t i = 0; i < node.outputs.size(); ++i)
    graph.value(node.outputs[i]).shape =
        loop ? graph.value(node.inputs[i]).shape : node.graphs[0].value(results[i].value).shape;
  NodeView view(graph, node);
  return check_ports(view.view(), node.graphs);
}

bool has_loop(const Node& node) {
  if (node.op == op_code::while_loop) return true;
  for (const Graph& called : node.graphs)
    if (std::any_of(called.nodes.begin(), called.nodes.end(), has_loop)) return true;
  return false;
}

size_t count_nodes(const Graph& graph) {
  size_t count = graph.nodes.size();
  for (const Node& node : graph.nodes)
    for (const Graph& called : node.graphs) count += count_nodes(called);
  return count;
}

std::vector<Node> take_nodes(Graph& graph, size_t first) {
  auto begin = graph.nodes.begin() + static_cast<ptrdiff_t>(first);
  std::vector<Node> taken(std::make_move_iterator(begin),
                          std::make_move_iterator(graph.nodes.end()));
  graph.nodes.erase(begin, graph.nodes.end());
  return taken;
}

void find_captured(const Graph& graph, const std::vector<Node>& nodes,
                   const std::vector<ValueId>& results, std::vector<ValueId>* found) {
  std::set<ValueId> known(found->begin(), found->end());
  auto read = [&](ValueId v) {
    if (v == kNone || graph.value(v).kind == TensorKind::constant) return;
    if (known.insert(v).second) found->push_back(v);
  };
  for (const Node& node : nodes) {
    for (ValueId v : node.inputs) read(v);
    known.insert(node.outputs.begin(), node.outputs.end());
  }
  for (ValueId v : results) read(v);
}

Graph make_called(const Graph& graph, std::string name, const std::vector<Node>& nodes,
                  const std::vector<ValueId>& inputs, const std::vector<ValueId>& results) {
  Graph called;
  called.name = std::move(name);
  std::map<ValueId, ValueId> copies;
  auto copy = [&](ValueId v) {
    if (v == kNone) return kNone;
    auto [it, inserted] = copies.emplace(v, kNone);
    if (inserted) it->second = called.add_value(graph.value(v));
    return it->second;
  };
  std::set<ValueId> taken;
  for (ValueId v : inputs) {
    called.inputs.push_back({graph.value(v).name, copy(v)});
    taken.insert(v);
  }
  for (const Node& node : nodes) {
    Node own = node;
    for (ValueId& v : own.inputs) v = copy(v);
    for (ValueId& v : own.outputs) v = copy(v);
    called.nodes.push_back(std::move(own));
  }
  for (ValueId v : results) {
    bool is_own = taken.insert(v).second && graph.value(v).kind == TensorKind::activation;
    ValueId result = is_own ? copy(v) : add_copy(called, copy(v));
    called.outputs.push_back({called.value(result).name, result});
  }
  return called;
}

std::vector<ValueId> inline_graph(Graph& graph, const Graph& called,
                                  const std::vector<ValueId>& inputs) {
  std::vector<ValueId> renumbered(called.values.size(), kNone);
  for (size_t i = 0; i < inputs.size(); ++i)
    renumbered[static_cast<size_t>(called.inputs[i].value)] = inputs[i];
  auto value = [&](ValueId v) {
    if (v == kNone) return kNone;
    ValueId& id = renumbered[static_cast<size_t>(v)];
    if (id == kNone) id = graph.add_value(called.value(v));
    return id;
  };
  for (const Node& node : called.nodes) {
    Node copy = node;
    for (ValueId& v : copy.inputs) v = value(v);
    for (ValueId& v : copy.outputs) v = value(v);
    graph.nodes.push_back(std::move(copy));
  }
  std::vector<ValueId> outputs;
  for (const Port& port : called.outputs) outputs.push_back(value(port.value));
  return outputs;
}

}  // namespace mote::ir
