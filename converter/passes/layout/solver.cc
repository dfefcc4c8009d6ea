#include "passes/layout/solver.h"

#include <algorithm>

#include "base/checked.h"
#include "passes/layout/reshape.h"

namespace mote::layout {
namespace {

constexpr int64_t kNever = int64_t{1} << 62;
// One value counts for at most this much, so that sums stay below kNever.
constexpr int64_t kMostBytes = int64_t{1} << 40;

int64_t value_bytes(const ir::Value& v) {
  int64_t n = max_bytes_of(v.shape, v.type);
  return n < 0 ? kMostBytes : std::min(n, kMostBytes);
}

bool one_element(const ShapeBounds& s) {
  return std::all_of(s.dims, s.dims + s.rank, [](const Dim& d) { return d.max == 1; });
}

}  // namespace

Solver::Solver(ir::Graph& graph)
    : graph_(graph),
      held_(graph.values.size()),
      wishes_(graph.values.size()),
      is_input_(graph.values.size(), false) {
  // Enough for several layouts of each, and bounded by the size of the file.
  constexpr int64_t kCopies = 4, kAllowance = 1 << 20;
  constant_bytes_left_ = kAllowance;
  for (const ir::Value& v : graph.values)
    if (v.kind == TensorKind::constant) constant_bytes_left_ += kCopies * value_bytes(v);
  for (const ir::Port& p : graph.inputs) is_input_[static_cast<size_t>(p.value)] = true;
}

void Solver::run() {
  collect_wishes();
  std::vector<ir::Node> nodes = std::move(graph_.nodes);
  nodes_.reserve(nodes.size());
  for (ir::Node& n : nodes) visit(std::move(n));
  finish_outputs();
  graph_.nodes = std::move(nodes_);
}

// ---- Values ----

Solver::Held Solver::held(ir::ValueId v) const {
  auto i = static_cast<size_t>(v);
  if (i < held_.size() && held_[i].base != ir::kNone) return held_[i];
  return {v, identity(shape(v).rank)};
}

int64_t Solver::bytes(ir::ValueId v) const { return value_bytes(graph_.value(v)); }

ir::ValueId Solver::new_value(ir::ValueId v, const Permutation& q) {
  if (is_identity(q)) return v;
  ir::Value w = graph_.value(v);
  w.shape = apply(w.shape, inverse(q));
  w.name += '/';
  for (int32_t i = 0; i < q.rank; ++i) w.name += static_cast<char>('0' + q[i]);
  w.trainable = false;
  return graph_.add_value(std::move(w));
}

// Parameters stay what the training changes.
bool Solver::may_copy(ir::ValueId v) {
  if (!is_constant(v) || graph_.value(v).trainable) return false;
  constant_bytes_left_ -= bytes(v);
  return constant_bytes_left_ >= 0;
}

ir::ValueId Solver::transposed_constant(ir::ValueId v, const Permutation& q) {
  ir::ValueId w = new_value(v, q);
  Permutation r = inverse(q);
  ir::Value& out = graph_.value(w);
  const ir::Value& in = graph_.value(v);
  out.data = std::make_shared<const ir::Bytes>(transposed(in, r));
  if (out.quantization.axis >= 0) out.quantization.axis = q[out.quantization.axis];
  return w;
}

ir::ValueId Solver::in_layout(ir::ValueId v, const Permutation& q, const std::string& location) {
  Held h = held(v);
  if (h.permutation == q) return h.base;
  auto key = std::make_pair(v, q);
  if (auto it = made_.find(key); it != made_.end()) return it->second;
  if (may_copy(v)) return made_[key] = transposed_constant(v, q);
  const Permutation r = then(h.permutation, inverse(q));
  ir::Node node;
  node.location = location;
  node.inputs = {h.base};
  ReshapeAttrs reshaped;
  if (keeps_order(shape(h.base), r) && as_reshape(shape(h.base), r, &reshaped)) {
    node.op = op_code::reshape;
    node.set_attrs(reshaped);
  } else {
    node.op = op_code::transpose;
    node.set_attrs(attributes(r));
  }
  ir::ValueId w = new_value(v, q);
  graph_.value(w).kind = TensorKind::activation;
  node.outputs = {w};
  nodes_.push_back(std::move(node));
  // A state may change before the next reader.
  if (graph_.value(h.base).kind != TensorKind::state) made_[key] = w;
  return w;
}

int64_t Solver::cost(ir::ValueId v, const Permutation& q) const {
  Held h = held(v);
  if (h.permutation == q || is_constant(v)) return 0;
  if (is_identity(q) && static_cast<size_t>(v) < wishes_.size() &&
      wishes_[static_cast<size_t>(v)].plain)
    return 0;
  if (made_.count({v, q}) != 0) return 0;
  return keeps_order(shape(h.base), then(h.permutation, inverse(q))) ? 0 : bytes(v);
}

int64_t Solver::later_cost(ir::ValueId v, const Permutation& q) const {
  int64_t sum = 0;
  const ShapeBounds from = apply(shape(v), inverse(q));
  for (const Permutation& wanted : wishes_[static_cast<size_t>(v)].layouts)
    if (wanted.rank == q.rank && !keeps_order(from, then(q, inverse(wanted)))) sum += bytes(v);
  return sum;
}

bool Solver::can_widen(ir::ValueId v) const {
  const ShapeBounds& s = shape(v);
  auto moving = std::count_if(s.dims, s.dims + s.rank, [](Dim d) { return !d.is_static(); });
  return moving <= 1;
}

ir::ValueId Solver::widened(ir::ValueId v, int32_t rank, const std::string& location) {
  int32_t extra = rank - shape(v).rank;
  if (extra == 0) return v;
  auto key = std::make_pair(v, rank);
  if (auto it = widened_.find(key); it != widened_.end()) return it->second;
  ir::Value w = graph_.value(v);
  w.name += "/widened";
  ReshapeAttrs a{};
  a.count = rank;
  w.shape.rank = rank;
  for (int32_t i = 0; i < rank; ++i) {
    Dim d = i < extra ? Dim{1, 1} : shape(v).dims[i - extra];
    w.shape.dims[i] = d;
    a.shape[i] = d.is_static() ? d.max : -1;
  }
  if (w.quantization.axis >= 0) w.quantization.axis += extra;
  w.trainable = false;
  if (is_constant(v) && !graph_.value(v).trainable)
    return widened_[key] = graph_.add_value(std::move(w));
  w.kind = TensorKind::activation;
  ir::Node node;
  node.op = op_code::reshape;
  node.set_attrs(a);
  node.location = location;
  node.inputs = {in_layout(v, identity(shape(v).rank), location)};
  node.outputs = {graph_.add_value(std::move(w))};
  nodes_.push_back(node);
  if (graph_.value(v).kind != TensorKind::state) widened_[key] = node.outputs[0];
  return node.outputs[0];
}

// ---- Nodes ----

void Solver::visit(ir::Node node) {
  if (node.op == op_code::transpose && graph_.value(node.inputs[0]).kind != TensorKind::state)
    return visit_transpose(node);
  if (node.op == op_code::reshape && visit_reshape(node)) return;
  Moves kind = node.op == op_code::reshape ? Moves::no : moves(graph_, node);
  if (kind != Moves::no && visit_movable(node, kind)) return;
  keep(std::move(node));
}

void Solver::visit_transpose(const ir::Node& node) {
  Held h = held(node.inputs[0]);
  held_[static_cast<size_t>(node.outputs[0])] = {
      h.base, then(h.permutation, of(node.attrs<TransposeAttrs>()))};
}

bool Solver::visit_reshape(ir::Node& node) {
  ir::ValueId x = node.inputs[0], y = node.outputs[0];
  Held h = held(x);
  if (is_identity(h.permutation)) return false;
  auto m = move_reshape(shape(x), shape(y), node.attrs<ReshapeAttrs>(), h.permutation,
                        wishes_[static_cast<size_t>(y)].layouts);
  if (!m) return false;
  int64_t moved = cost(x, m->in) + later_cost(y, m->out);
  int64_t kept = cost(x, identity(h.permutation.rank)) + later_cost(y, identity(m->out.rank));
  if (kept < moved) return false;
  node.inputs[0] = in_layout(x, m->in, node.location);
  ir::ValueId w = new_value(y, m->out);
  held_[static_cast<size_t>(y)] = {w, m->out};
  node.outputs[0] = w;
  node.set_attrs(m->attributes);
  nodes_.push_back(std::move(node));
  return true;
}

std::vector<Permutation> Solver::candidates(const ir::Node& node, Moves kind) const {
  const int32_t rank =
      kind == Moves::elementwise ? shape(node.outputs[0]).rank : shape(node.inputs[0]).rank;
  std::vector<Permutation> out;
  auto add = [&](const Permutation& q) {
    if (q.rank == rank && std::find(out.begin(), out.end(), q) == out.end()) out.push_back(q);
  };
  size_t operands = kind == Moves::data ? 1 : node.inputs.size();
  // More would make wide concatenations expensive to judge.
  constexpr size_t kMost = 8;
  for (size_t i = 0; i < operands && out.size() < kMost; ++i)
    if (node.inputs[i] != ir::kNone && !is_constant(node.inputs[i]))
      add(held(node.inputs[i]).permutation);
  add(identity(rank));
  if (shape(node.outputs[0]).rank == rank)
    for (const Permutation& q : wishes_[static_cast<size_t>(node.outputs[0])].layouts) add(q);
  return out;
}

int64_t Solver::operand_cost(const ir::Node& node, Moves kind, const Permutation& q) const {
  int64_t sum = 0;
  size_t operands = kind == Moves::data ? 1 : node.inputs.size();
  for (size_t i = 0; i < operands; ++i) {
    ir::ValueId v = node.inputs[i];
    if (v == ir::kNone || is_constant(v) || one_element(shape(v))) continue;
    int32_t extra = q.rank - shape(v).rank;
    if (extra == 0) {
      sum += cost(v, q);
      continue;
    }
    sum += cost(v, identity(shape(v).rank));
    if (is_identity(q)) continue;
    if (!can_widen(v)) return kNever;
    ShapeBounds wide = shape(v);
    wide.rank = q.rank;
    for (int32_t d = 0; d < q.rank; ++d)
      wide.dims[d] = d < extra ? Dim{1, 1} : shape(v).dims[d - extra];
    if (!keeps_order(wide, inverse(q))) sum += bytes(v);
  }
  return sum;
}

bool Solver::visit_movable(ir::Node& node, Moves kind) {
  Permutation best;
  int64_t least = kNever;
  for (const Permutation& q : candidates(node, kind)) {
    ir::Node trial = node;
    auto out = move_attributes(graph_, trial, q);
    if (!out) continue;
    int64_t total = operand_cost(node, kind, q) + later_cost(node.outputs[0], *out);
    if (total >= least) continue;
    least = total;
    best = q;
  }
  if (least == kNever || is_identity(best)) return false;
  return move(node, kind, best);
}

bool Solver::move(ir::Node& node, Moves kind, const Permutation& q) {
  Permutation out = *move_attributes(graph_, node, q);
  size_t operands = kind == Moves::data ? 1 : node.inputs.size();
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    ir::ValueId& v = node.inputs[i];
    if (v == ir::kNone) continue;
    if (i >= operands || one_element(shape(v))) {
      v = in_layout(v, identity(shape(v).rank), node.location);
      continue;
    }
    v = in_layout(widened(v, q.rank, node.location), q, node.location);
  }
  ir::ValueId y = node.outputs[0], w = new_value(y, out);
  held_[static_cast<size_t>(y)] = {w, out};
  node.outputs[0] = w;
  nodes_.push_back(std::move(node));
  return true;
}

void Solver::keep(ir::Node node) {
  for (ir::ValueId& v : node.inputs)
    if (v != ir::kNone) v = in_layout(v, identity(shape(v).rank), node.location);
  nodes_.push_back(std::move(node));
}

void Solver::finish_outputs() {
  std::vector<bool> is_output(graph_.values.size(), false);
  for (ir::Port& p : graph_.outputs) {
    Held h = held(p.value);
    ir::ValueId y = in_layout(p.value, identity(shape(p.value).rank), "output '" + p.name + "'");
    is_output.resize(graph_.values.size(), false);
    const bool taken =
        is_output[static_cast<size_t>(y)] || is_constant(y) ||
        graph_.value(y).kind == TensorKind::state ||
        (static_cast<size_t>(y) < is_input_.size() && is_input_[static_cast<size_t>(y)]);
    if (y != p.value && taken) {
      // The port needs a value of its own.
      ir::Node node;
      node.op = op_code::transpose;
      node.set_attrs(attributes(h.permutation));
      node.inputs = {h.base};
      node.outputs = {p.value};
      nodes_.push_back(std::move(node));
      y = p.value;
    }
    is_output[static_cast<size_t>(y)] = true;
    p.value = y;
  }
}

// ---- What later operators want ----

void Solver::wish(ir::ValueId v, const Permutation& layout) {
  // Operators that disagree cost a transpose each; which of many does not matter.
  constexpr size_t kMost = 3;
  auto& list = wishes_[static_cast<size_t>(v)].layouts;
  if (list.size() < kMost && std::find(list.begin(), list.end(), layout) == list.end())
    list.push_back(layout);
}

void Solver::wish_plain(ir::ValueId v) {
  wish(v, identity(shape(v).rank));
  wishes_[static_cast<size_t>(v)].plain = true;
}

void Solver::pass_wishes(const ir::Node& node, ir::ValueId to) {
  for (const Permutation& q : wishes_[static_cast<size_t>(node.outputs[0])].layouts)
    if (q.rank == shape(to).rank) wish(to, q);
}

void Solver::collect_wishes() {
  for (const ir::Port& p : graph_.outputs) wish_plain(p.value);
  for (size_t n = graph_.nodes.size(); n-- > 0;) {
    const ir::Node& node = graph_.nodes[n];
    if (node.op == op_code::transpose) {
      const Permutation back = inverse(of(node.attrs<TransposeAttrs>()));
      for (const Permutation& q : wishes_[static_cast<size_t>(node.outputs[0])].layouts)
        wish(node.inputs[0], then(q, back));
      continue;
    }
    if (node.op == op_code::reshape) continue;
    Moves kind = moves(graph_, node);
    size_t movable = kind == Moves::no ? 0 : kind == Moves::data ? 1 : node.inputs.size();
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      if (node.inputs[i] == ir::kNone) continue;
      if (i < movable)
        pass_wishes(node, node.inputs[i]);
      else
        wish_plain(node.inputs[i]);
    }
  }
}

namespace {

bool moves_elements(const ir::Graph& graph, const ir::Node& n) {
  return n.op == op_code::transpose &&
         !keeps_order(graph.value(n.inputs[0]).shape, of(n.attrs<TransposeAttrs>()));
}

}  // namespace

int64_t transposed_bytes(const ir::Graph& graph) {
  int64_t sum = 0;
  for (const ir::Node& n : graph.nodes)
    if (moves_elements(graph, n)) sum += value_bytes(graph.value(n.inputs[0]));
  return sum;
}

std::string transposes_text(const ir::Graph& graph) {
  std::string text;
  for (const ir::Node& n : graph.nodes) {
    if (!moves_elements(graph, n)) continue;
    const ir::Value& x = graph.value(n.inputs[0]);
    text +=
        (text.empty() ? "'" : ", '") + x.name + "' (" + std::to_string(value_bytes(x)) + " bytes)";
  }
  return text;
}

}  // namespace mote::layout
