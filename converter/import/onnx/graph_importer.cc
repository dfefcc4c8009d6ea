#include "import/onnx/graph_importer.h"

#include <algorithm>

#include "base/checked.h"
#include "import/custom/custom_call.h"
#include "import/onnx/node_import.h"
#include "import/onnx/node_order.h"
#include "ir/op_view.h"

namespace mote::onnx_import {
namespace {

// Functions in functions, branches in branches; honest models stay far below.
constexpr int kMaxDepth = 32;

std::string place_of(int index, const onnx::NodeProto& node) {
  std::string text = "node " + std::to_string(index);
  if (!node.name().empty()) text += " '" + text_of(node.name()) + "'";
  return text + " (" + full_name(node.domain(), node.op_type()) + ")";
}

Slot unsupported(const std::string& reason) {
  Slot s;
  s.state = Slot::State::unsupported;
  s.reason = reason;
  return s;
}

// Sizes that are numbers after all, taken from a shape that is dynamic elsewhere, as a constant
// without a name: they may decide about a branch.
std::optional<ir::Value> known_sizes(const ir::Graph& graph, ShapeValues& shape_values,
                                     ir::ValueId v) {
  const ir::Value& value = graph.value(v);
  if (value.kind != TensorKind::activation || value.type != Type::int64 || value.shape.rank > 1)
    return std::nullopt;
  const auto* elements = shape_values.elements(v);
  if (elements == nullptr) return std::nullopt;
  std::vector<int64_t> numbers;
  for (const ShapeValues::Element& e : *elements) {
    if (!e.is_number()) return std::nullopt;
    numbers.push_back(e.number);
  }
  if (value.shape.max().elements() != static_cast<int64_t>(numbers.size())) return std::nullopt;
  ir::Value known;
  known.type = value.type;
  known.kind = TensorKind::constant;
  known.shape = value.shape;
  const auto* bytes = reinterpret_cast<const uint8_t*>(numbers.data());
  known.data = std::make_shared<const ir::Bytes>(bytes, bytes + numbers.size() * sizeof(int64_t));
  return known;
}

// Below operator set 7 the operators are imported that still mean the same.
bool check_version(NodeImport& c) {
  constexpr int32_t kOldest = 7;
  const bool is_own = c.node().proto.domain().empty() || c.node().proto.domain() == "ai.onnx";
  if (!is_own || c.opset() >= kOldest || !c.has_attr("consumed_inputs")) return true;
  c.error("an operator of set " + std::to_string(c.opset()) + "; the oldest supported set is 7",
          "convert the model with onnx.version_converter");
  return false;
}

}  // namespace

const onnx::AttributeProto* find_attribute(const NodeSource& node, const std::string& name) {
  for (const onnx::AttributeProto& a : node.proto.attribute()) {
    if (a.name() != name) continue;
    if (a.ref_attr_name().empty()) return &a;
    if (node.call == nullptr) return nullptr;
    if (const auto* given = find_attribute(node.call->node, a.ref_attr_name())) return given;
    for (const onnx::AttributeProto& d : node.call->function.attribute_proto())
      if (d.name() == a.ref_attr_name()) return &d;
    return nullptr;
  }
  return nullptr;
}

GraphImporter::GraphImporter(Source& source)
    : source_(source), builder_(graph_, source.diagnostics()) {
  builder_.set_folding(true);
}

ir::Graph GraphImporter::run(const std::string& name) {
  const onnx::GraphProto& graph = source_.model().graph();
  graph_.name = name;
  Scope scope;
  scope.used = &source_.used_names(graph);
  scope.opsets = &source_.opsets();
  scope_ = &scope;
  import_initializers(graph);
  import_inputs(graph);
  import_nodes(graph.node());
  import_outputs(graph);
  scope_ = nullptr;
  return std::move(graph_);
}

void GraphImporter::import_initializers(const onnx::GraphProto& graph) {
  for (const onnx::TensorProto& t : graph.initializer()) {
    Slot slot;
    slot.state = Slot::State::initializer;
    slot.initializer = &t;
    define(t.name(), std::move(slot), scope_->place + "initializer");
  }
  for (const onnx::SparseTensorProto& t : graph.sparse_initializer())
    define(t.values().name(), unsupported("it is stored sparsely"), scope_->place + "initializer");
}

void GraphImporter::import_nodes(const Nodes& nodes) {
  // Bodies are unfolded many times.
  auto known = orders_.find(&nodes);
  if (known == orders_.end()) known = orders_.emplace(&nodes, node_order(nodes, source_)).first;
  for (int i : known->second) {
    if (source_.gave_up() || !source_.visit_node()) return;
    import_node(nodes[i], scope_->place + place_of(i, nodes[i]));
  }
}

bool GraphImporter::reads_unknown(const onnx::NodeProto& node) {
  for (const std::string& name : node.input()) {
    const Slot* slot = name.empty() ? nullptr : find(name);
    if (slot != nullptr && slot->state == Slot::State::unknown) return true;
  }
  return false;
}

void GraphImporter::import_node(const onnx::NodeProto& node, const std::string& where) {
  auto version = scope_->opsets->find(node.domain() == "ai.onnx" ? "" : node.domain());
  NodeSource source{node, version == scope_->opsets->end() ? 1 : version->second, scope_->call};
  const std::string name = full_name(node.domain(), node.op_type());
  const bool registered =
      find_custom(source_.options(), CustomImporter::Format::onnx, name) != nullptr;
  const onnx::FunctionProto* function = registered ? nullptr : source_.find_function(node);
  if (!registered && function == nullptr && find_importer(name) == nullptr)
    source_.note_unsupported(name, where);
  else if (!reads_unknown(node) && function != nullptr)
    call_function(*function, source, where);
  else if (!reads_unknown(node))
    call_importer(source, where);
  abandon_outputs(node);
}

void GraphImporter::call_importer(const NodeSource& node, const std::string& where) {
  builder_.forget_failure();
  builder_.set_scope(where);
  node_first_value_ = graph_.values.size();
  NodeImport context(*this, node, where);
  const std::string name = full_name(node.proto.domain(), node.proto.op_type());
  if (const auto* own = find_custom(source_.options(), CustomImporter::Format::onnx, name)) {
    import_registered(context, *own);
  } else {
    if (!check_version(context)) return;
    find_importer(name)->run(context);
  }
  if (context.failed()) return;
  for (int i = 0; i < node.proto.output_size(); ++i) {
    const std::string& name = node.proto.output(i);
    if (is_wanted(name) && scope_->slots.count(name) == 0)
      context.error("output " + std::to_string(i) + " is not supported");
  }
}

// Outputs that have no value are unknown, so that what reads them is skipped.
void GraphImporter::abandon_outputs(const onnx::NodeProto& node) {
  for (const std::string& name : node.output())
    if (!name.empty()) scope_->slots.emplace(name, Slot());
}

void GraphImporter::call_function(const onnx::FunctionProto& function, const NodeSource& node,
                                  const std::string& where) {
  if (depth_ >= kMaxDepth)
    return source_.error(where, "functions are nested too deep", "a function may not call itself");
  FunctionCall call{function, node};
  Opsets opsets = source_.read_opsets(function.opset_import());
  Scope scope;
  scope.used = &source_.used_names(function);
  scope.opsets = &opsets;
  scope.call = &call;
  scope.place = where + ", ";
  for (int i = 0; i < function.input_size(); ++i) {
    const std::string name = i < node.proto.input_size() ? node.proto.input(i) : std::string();
    Slot* given = name.empty() ? nullptr : find(name);
    if (!name.empty() && given == nullptr) {
      value(name, where);  // the error
      return;
    }
    Slot slot = given == nullptr ? Slot() : *given;
    if (given == nullptr) slot.state = Slot::State::absent;
    scope.slots.emplace(function.input(i), std::move(slot));
  }
  Scope* outer = scope_;
  scope_ = &scope;
  ++depth_;
  import_nodes(function.node());
  --depth_;
  scope_ = outer;
  for (int i = 0; i < function.output_size() && i < node.proto.output_size(); ++i) {
    auto result = scope.slots.find(function.output(i));
    if (result != scope.slots.end())
      define(node.proto.output(i), result->second, where);
    else if (!node.proto.output(i).empty())
      source_.error(where,
                    "the function does not write its output '" + text_of(function.output(i)) + "'");
  }
}

std::optional<std::vector<Slot>> GraphImporter::unfold(const onnx::GraphProto& graph,
                                                       std::vector<Slot> inputs,
                                                       const NodeSource& node,
                                                       const std::string& where) {
  if (depth_ >= kMaxDepth) {
    source_.error(where, "branches and loops are nested too deep");
    return std::nullopt;
  }
  Scope scope;
  scope.parent = scope_;
  scope.used = &source_.used_names(graph);
  scope.opsets = scope_->opsets;
  scope.call = node.call;
  scope.place = where + ", ";
  scope_ = &scope;
  ++depth_;
  for (int i = 0; i < graph.input_size() && static_cast<size_t>(i) < inputs.size(); ++i)
    define(graph.input(i).name(), std::move(inputs[static_cast<size_t>(i)]), where);
  import_initializers(graph);
  import_nodes(graph.node());
  std::vector<Slot> outputs;
  for (const onnx::ValueInfoProto& o : graph.output()) {
    value(o.name(), where);  // initializers become constants; an error where there is no such name
    Slot* slot = find(o.name());
    outputs.push_back(slot == nullptr ? Slot() : *slot);
  }
  --depth_;
  scope_ = scope.parent;
  return outputs;
}

Slot* GraphImporter::find(const std::string& name) {
  for (Scope* s = scope_; s != nullptr; s = s->parent) {
    auto slot = s->slots.find(name);
    if (slot != s->slots.end()) return &slot->second;
  }
  return nullptr;
}

ir::ValueId GraphImporter::value(const std::string& name, const std::string& where) {
  Slot* slot = find(name);
  const std::string quoted = "'" + text_of(name) + "'";
  if (slot == nullptr) {
    source_.error(where, quoted + " is read, but nothing before writes it",
                  "the file is damaged; export the model again");
    return ir::kNone;
  }
  if (slot->state == Slot::State::unsupported)
    source_.error(where, quoted + ": " + slot->reason, "change the source model");
  if (slot->state == Slot::State::initializer) {
    const onnx::TensorProto& t = *slot->initializer;
    std::optional<Tensor> tensor = source_.read_tensor(t, where + ", tensor " + quoted);
    if (!tensor) {
      *slot = Slot();
    } else if (tensor->is_empty()) {
      slot->state = Slot::State::empty;
      slot->empty = *tensor;
    } else {
      ir::ValueId v = constant(*tensor, name, where);
      *slot = v == ir::kNone ? Slot() : Slot::of(v);
    }
  }
  return slot->value;
}

ir::ValueId GraphImporter::constant(const Tensor& tensor, const std::string& name,
                                    const std::string& where) {
  ir::Value v;
  v.type = tensor.type;
  v.kind = TensorKind::constant;
  v.data = tensor.data;
  bool fits = tensor.dims.size() <= kMaxRank;
  for (size_t i = 0; fits && i < tensor.dims.size(); ++i) {
    fits = tensor.dims[i] <= INT32_MAX;
    auto d = static_cast<int32_t>(fits ? tensor.dims[i] : 0);
    v.shape.dims[v.shape.rank++] = {d, d};
  }
  if (!fits || max_bytes_of(v.shape, v.type) < 0) {
    source_.error(where + ", tensor '" + text_of(name) + "'",
                  "a constant of rank " + std::to_string(tensor.dims.size()) +
                      " or of a size that is too large",
                  "the limit is rank 8");
    return ir::kNone;
  }
  v.name = fresh_name(name);
  return graph_.add_value(std::move(v));
}

std::string GraphImporter::fresh_name(const std::string& name) {
  const int copy = name_counts_[name]++;
  return builder_.unique_name(copy == 0 ? text_of(name)
                                        : text_of(name) + "_" + std::to_string(copy));
}

bool GraphImporter::is_wanted(const std::string& name) const {
  return !name.empty() && scope_->used->count(name) != 0;
}

void GraphImporter::define(const std::string& name, Slot slot, const std::string& where) {
  if (name.empty()) return;
  if (slot.state == Slot::State::value && slot.value != ir::kNone) {
    std::optional<ir::Value> known = known_sizes(graph_, shape_values_, slot.value);
    if (known) slot.value = graph_.add_value(std::move(*known));
  }
  if (slot.state == Slot::State::value && slot.value != ir::kNone &&
      static_cast<size_t>(slot.value) >= node_first_value_) {
    ir::Value& v = graph_.value(slot.value);
    v.name = fresh_name(name);
  }
  if (!scope_->slots.emplace(name, std::move(slot)).second)
    source_.error(where, "'" + text_of(name) + "' is written a second time",
                  "the file is damaged; export the model again");
}

void GraphImporter::import_outputs(const onnx::GraphProto& graph) {
  for (int i = 0; i < graph.output_size(); ++i) {
    const std::string& name = graph.output(i).name();
    ir::ValueId v = output_value(name, "output " + std::to_string(i) + " '" + text_of(name) + "'");
    if (v != ir::kNone) graph_.outputs.push_back({text_of(name), v});
  }
  if (graph.output_size() == 0)
    source_.error("", "the model has no outputs, so there is nothing to run");
  import_further_outputs();
}

void GraphImporter::import_further_outputs() {
  for (ir::ValueId v : further_outputs_) {
    const std::string& name = graph_.value(v).name;
    const bool is_here =
        std::any_of(graph_.nodes.begin(), graph_.nodes.end(), [&](const ir::Node& n) {
          return std::find(n.outputs.begin(), n.outputs.end(), v) != n.outputs.end();
        });
    if (is_here)
      graph_.outputs.push_back({name, v});
    else
      source_.error("output '" + name + "'", "it is computed in a loop or branch that stays one",
                    "a count can only leave the model from its outermost graph");
  }
}

// Ports are activations and name each value once: others get a copy.
ir::ValueId GraphImporter::output_value(const std::string& name, const std::string& where) {
  ir::ValueId v = value(name, where);
  if (v == ir::kNone) {
    const Slot* slot = find(name);
    if (slot != nullptr && slot->state == Slot::State::empty)
      source_.error(where, "a tensor of no elements", "remove the output");
    return v;
  }
  auto names = [&](const ir::Port& p) { return p.value == v; };
  bool taken = std::any_of(graph_.inputs.begin(), graph_.inputs.end(), names) ||
               std::any_of(graph_.outputs.begin(), graph_.outputs.end(), names);
  if (!taken && graph_.value(v).kind == TensorKind::activation) return v;
  ReshapeAttrs same{};
  same.count = graph_.value(v).shape.rank;
  Type type = graph_.value(v).type;
  builder_.forget_failure();
  builder_.set_scope(where);
  builder_.set_folding(false);
  ir::ValueId copy = builder_.node(op_code::reshape, same, {v}, type);
  builder_.set_folding(true);
  return copy;
}

}  // namespace mote::onnx_import
