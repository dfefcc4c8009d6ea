// Validation of derive graphs: no ports, states in and states out, nobody else writes the results.
#include "model/model_impl.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

constexpr int32_t kNone = -1;

// What is known of every state: the derive graph that computes it, and marks of the graph at hand.
struct States {
  Array<int32_t> target_of;
  Array<uint8_t> listed;

  Status init(const Allocator& a, size_t tensors) {
    MOTE_TRY(target_of.init(a, tensors));
    for (int32_t& d : target_of) d = kNone;
    return listed.init(a, tensors);
  }
};

constexpr uint8_t kSource = 1, kTarget = 2;

Status check_alone(const ModelImpl& m, uint32_t graph, uint32_t derive) {
  if (graph >= m.graphs.size()) {
    return error(Code::graph_index, static_cast<int64_t>(m.graphs.size()), graph);
  }
  bool alone = m.graphs[graph].inputs.empty() && m.graphs[graph].outputs.empty();
  alone = alone && !m.graphs[graph].called;
  for (const EntryPointInfo& e : m.entry_points) alone = alone && e.graph != graph;
  for (uint32_t d = 0; d < derive; ++d) alone = alone && m.derives[d].graph != graph;
  return alone ? Status{} : error(Code::derive_ports, 0, graph);
}

Status list_states(ModelImpl& m, States& s, Span<const int32_t> states, uint8_t mark) {
  MOTE_TRY(m.visit(states.size));
  for (int32_t t : states) {
    if (t < 0 || t >= static_cast<int32_t>(m.tensors.size())) {
      return error(Code::tensor_index, static_cast<int64_t>(m.tensors.size()), t);
    }
    auto i = static_cast<size_t>(t);
    if (m.tensors[i].kind != TensorKind::state) return error(Code::operand_not_state, 0, t);
    if (s.listed[i] != 0) return error(Code::derive_states, 0, t);
    s.listed[i] = mark;
  }
  return {};
}

// The operators read sources and write targets; `written` counts the targets.
Status check_operator(const OpDesc& op, const States& s, size_t* written) {
  if (op.view.op == nullptr) return {};  // not in this build: it will not run
  uint8_t flags = op.view.op->flags;
  if ((flags & kFallible) != 0) return error(Code::fallible_after_write);
  if ((flags & (kReadsState | kWritesState)) == 0) return {};
  bool writes = (flags & kWritesState) != 0;
  for (size_t i = 0; i < op.view.op->states; ++i) {
    int32_t t = op.inputs[i];
    uint8_t expected = writes ? kTarget : kSource;
    // An optimizer would read what it overwrites.
    bool allowed = !writes || op.view.op->code == op_code::assign_state;
    if (!allowed || s.listed[static_cast<size_t>(t)] != expected) {
      return error(Code::derive_states, 0, t);
    }
    *written += writes ? 1 : 0;
  }
  return {};
}

Status read_derive(ModelImpl& m, States& s, uint32_t index) {
  const file::Derive& in = *m.root->derives()->Get(index);
  DeriveDesc& derive = m.derives[index];
  MOTE_TRY(m.visit(m.entry_points.size() + index));
  MOTE_TRY(check_alone(m, in.graph(), index));
  derive = {in.graph(), ints_of(in.sources()), ints_of(in.targets())};
  MOTE_TRY(list_states(m, s, derive.sources, kSource));
  MOTE_TRY(list_states(m, s, derive.targets, kTarget));
  const GraphDesc& graph = m.graphs[derive.graph];
  size_t written = 0;
  for (uint32_t i = 0; i < graph.op_count; ++i) {
    const OpDesc& op = m.ops[graph.first_op + i];
    Status status = check_operator(op, s, &written);
    if (!status.ok()) return at(status, op);
  }
  bool known = graph.availability.ok();
  if (known && written != derive.targets.size) {
    return error(Code::derive_states, 0, derive.targets.empty() ? -1 : derive.targets[0]);
  }
  for (int32_t t : derive.targets) {
    if (s.target_of[static_cast<size_t>(t)] != kNone) return error(Code::derive_target, 0, t);
    s.target_of[static_cast<size_t>(t)] = static_cast<int32_t>(index);
  }
  for (Span<const int32_t> list : {derive.sources, derive.targets})
    for (int32_t t : list) s.listed[static_cast<size_t>(t)] = 0;
  return {};
}

// Only its derive graph writes a target, and no derive graph reads one.
Status check_targets(ModelImpl& m, const States& s) {
  for (const OpDesc& op : m.ops) {
    if (op.view.op == nullptr || (op.view.op->flags & kWritesState) == 0) continue;
    for (size_t i = 0; i < op.view.op->states; ++i) {
      int32_t derive = s.target_of[static_cast<size_t>(op.inputs[i])];
      bool own = derive == kNone || m.derives[static_cast<size_t>(derive)].graph == op.graph;
      if (!own) return at(error(Code::derive_target, 0, op.inputs[i]), op);
    }
  }
  for (const DeriveDesc& d : m.derives)
    for (int32_t t : d.sources)
      if (s.target_of[static_cast<size_t>(t)] != kNone) return error(Code::derive_target, 0, t);
  return {};
}

}  // namespace

Status read_derives(ModelImpl& m) {
  uint32_t count = size_of(m.root->derives());
  if (count == 0) return {};
  if (count > m.limits.graphs) return error(Code::too_many_graphs, m.limits.graphs, count);
  // The plan looks at every operator once per derive graph; eight take about as long as a visit.
  MOTE_TRY(m.visit(uint64_t{m.ops.size()} * count / 8));
  MOTE_TRY(m.derives.init(m.allocator, count, &m.array_bytes));
  States states;
  MOTE_TRY(states.init(m.allocator, m.tensors.size()));
  for (uint32_t d = 0; d < count; ++d) {
    Status s = read_derive(m, states, d);
    if (!s.ok()) return at(s, static_cast<int32_t>(m.root->derives()->Get(d)->graph()));
  }
  return check_targets(m, states);
}

}  // namespace mote
